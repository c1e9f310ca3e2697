import { didYouMean } from '../../did-you-mean.ts'
import type { AssetFile, ManifestFile, StyleFile } from '../manifest-file.ts'
import type { Path } from '../parse/path.ts'
import type { ExpandedAsset } from '../resolve/expand-matrix.ts'
import { fillTemplate } from '../resolve/fill-template.ts'
import { namesOf } from '../resolve/styles.ts'
import type { Checked, Report } from './rule.ts'

/** A text that is a template, and where it is written. */
type Template = { path: Path; text: string | undefined }

/** Finds names in templates that are not defined. */
export function checkTemplates({ file, expanded }: Checked, report: Report): void {
  const reported = new Set<string>()
  for (const asset of expanded) {
    for (const { path, text = '' } of templatesOf(asset, file.styles)) {
      for (const name of fillTemplate(text, asset.vars).unknown) {
        if (reported.size === reported.add(`${path.join('.')} ${name}`).size) continue
        const known = Object.keys(asset.vars)
        report({
          code: 'unknown-variable',
          path,
          message: `{{${name}}} is not defined.`,
          hint:
            didYouMean(name, known) ??
            `Define \`${name}\` in \`vars\` or \`matrix\`, or use one of these: ${known.join(', ')}.`,
        })
      }
    }
  }
}

function templatesOf({ key, asset }: ExpandedAsset, own: ManifestFile['styles'] = {}): Template[] {
  const styles = withBases(namesOf(asset.style), own)
  return [
    ...expectedTexts(asset.expect, ['assets', key, 'expect']),
    { path: ['assets', key, 'prompt'], text: asset.prompt },
    { path: ['assets', key, 'alt'], text: asset.alt },
    ...styles.flatMap((style) =>
      (['prepend', 'append', 'avoid'] as const).map((part): Template => {
        const text = Object.hasOwn(own, style) ? own[style]![part] : undefined
        return { path: ['styles', style, part], text }
      }),
    ),
  ]
}

/** Returns the texts of an asset's own expectations. */
function expectedTexts(expect: AssetFile['expect'], path: Path): Template[] {
  if (expect === undefined || expect === false) return []
  return textTests.flatMap((test) => {
    const texts = expect[test]
    return texts === undefined || texts === false
      ? []
      : namesOf(texts).map((text, index) => ({
          path: typeof texts === 'string' ? [...path, test] : [...path, test, index],
          text,
        }))
  })
}

/** The expectations that are lists of texts. */
const textTests = ['unlike', 'shows', 'without', 'text', 'like'] as const

/** Returns styles and all that they extend. */
function withBases(names: readonly string[], own: Readonly<Record<string, StyleFile>>): string[] {
  const all = new Set(names)
  for (const name of all) {
    if (Object.hasOwn(own, name)) for (const base of namesOf(own[name]!.extends)) all.add(base)
  }
  return [...all]
}
