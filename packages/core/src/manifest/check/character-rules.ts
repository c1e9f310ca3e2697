import { didYouMean } from '../../did-you-mean.ts'
import { characterKey } from '../resolve/characters.ts'
import { namesOf } from '../resolve/styles.ts'
import type { Checked, Report } from './rule.ts'

/** Finds characters that are not defined. */
export function checkCharacterNames({ file }: Checked, report: Report): void {
  const known = Object.keys(file.characters ?? {})
  for (const [key, { character }] of Object.entries(file.assets)) {
    for (const [index, name] of namesOf(character).entries()) {
      if (known.includes(name)) continue
      report({
        code: 'unknown-character',
        path: ['assets', key, 'character', ...(typeof character === 'string' ? [] : [index])],
        message: `There is no character "${name}".`,
        hint: didYouMean(name, known) ?? 'Define it below `characters:`.',
      })
    }
  }
}

/** Finds assets that have the name of a character's sheet. */
export function checkCharacterSheets({ written }: Checked, report: Report): void {
  for (const name of Object.keys(written.characters ?? {})) {
    const key = characterKey(name)
    if (!Object.hasOwn(written.assets, key)) continue
    report({
      code: 'name-collision',
      path: ['assets', key],
      part: 'key',
      message: `The character "${name}" already defines a picture named "${key}".`,
      hint: 'Rename one of them.',
      other: ['characters', name],
    })
  }
}
