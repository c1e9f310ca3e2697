import { placeOfRow } from '../data/data-table.ts'
import type { AssetFile } from '../manifest-file.ts'
import { dataPattern } from '../resolve/data-pattern.ts'
import { countCombinations, MAX_COMBINATIONS } from '../resolve/expand-matrix.ts'
import { splitMatrix } from '../resolve/split-matrix.ts'
import { formatCount } from './format-count.ts'
import type { Checked, Report } from './rule.ts'

/*
 * Keys of one asset that exclude or require each other.
 */

export function checkEditsAndVariations({ file }: Checked, report: Report): void {
  for (const [name, { edit, variation }] of Object.entries(file.assets)) {
    if (edit === undefined || variation === undefined) continue
    report({
      code: 'edit-and-variation',
      path: ['assets', name, 'variation'],
      part: 'key',
      message: `"${name}" is both an edit and a variation.`,
      hint: 'Keep one of them.',
    })
  }
}

export function checkSourcesAndInputs({ file }: Checked, report: Report): void {
  for (const [name, asset] of Object.entries(file.assets)) {
    const { source, edit, variation, references, character } = asset
    const inputs = [edit, variation, references, character]
    if (source === undefined || inputs.every((input) => input === undefined)) continue
    report({
      code: 'source-and-inputs',
      path: ['assets', name, 'source'],
      part: 'key',
      message: `"${name}" has a \`source\`, so no model receives its input pictures.`,
      hint: 'Remove `source`, or remove the input pictures.',
    })
  }
}

export function checkPromptsExist({ file, expanded }: Checked, report: Report): void {
  const promptless = new Set<string>()
  for (const [name, { prompt, source, variation }] of Object.entries(file.assets)) {
    if (prompt !== undefined || source !== undefined || variation !== undefined) continue
    promptless.add(name)
  }
  for (const { key, name, asset, row } of promptless.size === 0 ? [] : expanded) {
    if (row === undefined || !promptless.has(key) || asset.prompt !== undefined) continue
    report({
      code: 'missing',
      path: ['assets', key],
      place: placeOfRow(row, 'prompt'),
      message: `\`prompt\` of "${name}" is missing.`,
      hint: `Add it to this row, or write a \`prompt:\` for all rows of "${key}".`,
    })
  }
  for (const name of promptless) {
    if (typeof file.assets[name]!.matrix?.from === 'string') continue
    report({
      code: 'missing',
      path: ['assets', name],
      part: 'key',
      message: `\`prompt\` of "${name}" is missing.`,
      hint: 'Add `prompt:`, or `source:` with an existing picture.',
    })
  }
}

export function checkPromptsAndSources({ file }: Checked, report: Report): void {
  for (const [name, { prompt, source }] of Object.entries(file.assets)) {
    if (prompt === undefined || source === undefined) continue
    report({
      code: 'prompt-and-source',
      path: ['assets', name, 'source'],
      part: 'key',
      message: `"${name}" has both a prompt and a source.`,
      hint: 'Keep the prompt to generate the picture, or the source to derive outputs from that file.',
    })
  }
}

/** A matrix with a few more lists than intended has millions of combinations. */
export function checkMatrixSizes({ file, data, scopeOf }: Checked, report: Report): void {
  for (const [name, { matrix }] of Object.entries(file.assets)) {
    if (matrix === undefined) continue
    const parts = splitMatrix(matrix)
    const { source } = parts
    const table =
      source === undefined ? undefined : data.get(dataPattern(scopeOf(name), source.from))
    const pictures = countCombinations(parts, table)
    if (pictures <= MAX_COMBINATIONS) continue
    report({
      code: 'matrix',
      path: ['assets', name, 'matrix'],
      part: 'key',
      message: `The matrix of "${name}" defines ${formatCount(pictures)} pictures; the limit is ${formatCount(MAX_COMBINATIONS)}.`,
      hint: 'Remove values from its lists, or split it into several assets.',
    })
  }
}

export function checkAdaptWithoutShapes({ file }: Checked, report: Report): void {
  for (const [name, { shapes, adapt }] of Object.entries(file.assets)) {
    if (adapt === undefined || shapes === 'separate') continue
    report({
      code: 'adapt',
      path: ['assets', name, 'adapt'],
      part: 'key',
      message: '`adapt` has no effect on a picture with only one shape.',
      hint: 'Add `shapes: separate`.',
    })
  }
}

export function checkSourceShapes({ file }: Checked, report: Report): void {
  for (const [name, { shapes, source }] of Object.entries(file.assets)) {
    if (shapes !== 'separate' || source === undefined) continue
    report({
      code: 'adapt',
      path: ['assets', name, 'shapes'],
      part: 'key',
      message: 'A picture with a `source` has only one shape.',
      hint: 'Remove `shapes`.',
    })
  }
}

export function checkAdaptedEdits({ file }: Checked, report: Report): void {
  for (const [name, { adapt, edit, variation }] of Object.entries(file.assets)) {
    if (adapt === undefined || (edit === undefined && variation === undefined)) continue
    report({
      code: 'adapt',
      path: ['assets', name, 'adapt'],
      part: 'key',
      message: "`adapt` can't extend an edit or a variation.",
      hint: 'Remove `adapt`, or make each shape an asset of its own.',
    })
  }
}

export function checkAlt({ file, expanded }: Checked, report: Report): void {
  const withRows = new Set(expanded.flatMap(({ key, row }) => (row === undefined ? [] : [key])))
  for (const [name, asset] of Object.entries(file.assets)) {
    const { alt, altSuggested = false, decorative = false } = asset
    if (altSuggested) checkSuggestedAlt(name, asset, report)
    if (alt === undefined && !decorative && !withRows.has(name)) {
      report({
        code: 'no-alt',
        severity: 'warning',
        path: ['assets', name],
        part: 'key',
        message: `"${name}" has no \`alt\`.`,
        hint: 'Describe what the picture shows, or write `decorative: true`.',
      })
    }
    if (alt !== undefined && alt !== '' && decorative) {
      report({
        code: 'alt',
        severity: 'warning',
        path: ['assets', name, 'alt'],
        message: `"${name}" is decorative but has an \`alt\`.`,
        hint: 'Keep one of the two.',
      })
    }
  }
  for (const { name, key, asset, row } of withRows.size === 0 ? [] : expanded) {
    if (row === undefined || asset.alt !== undefined || asset.decorative === true) continue
    report({
      code: 'no-alt',
      severity: 'warning',
      path: ['assets', key],
      part: 'key',
      message: `"${name}" has no \`alt\`.`,
      hint: 'Write an `alt:` with columns, for example `alt: "{{title}}"`, or add a column `alt`.',
    })
  }
}

function checkSuggestedAlt(name: string, { alt = '' }: AssetFile, report: Report): void {
  report({
    code: 'suggested-alt',
    severity: 'warning',
    path: ['assets', name, 'altSuggested'],
    part: 'key',
    message:
      alt === ''
        ? `"${name}" has \`altSuggested\` without an \`alt\`.`
        : `The \`alt\` that the judge suggested for "${name}" is not confirmed.`,
    hint:
      alt === ''
        ? 'Remove `altSuggested`.'
        : `Correct it if necessary, then run \`limn describe --confirm ${name}\`.`,
  })
}
