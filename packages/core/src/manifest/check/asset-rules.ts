import type { AssetFile } from '../manifest-file.ts'
import { countCombinations, MAX_COMBINATIONS } from '../resolve/expand-matrix.ts'
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
  for (const [name, { source, edit, variation, references }] of Object.entries(file.assets)) {
    const hasInputs = edit !== undefined || variation !== undefined || references !== undefined
    if (source === undefined || !hasInputs) continue
    report({
      code: 'source-and-inputs',
      path: ['assets', name, 'source'],
      part: 'key',
      message: `"${name}" has a \`source\`, so no model receives its input pictures.`,
      hint: 'Remove `source`, or remove the input pictures.',
    })
  }
}

export function checkPromptsExist({ file }: Checked, report: Report): void {
  for (const [name, { prompt, source, variation }] of Object.entries(file.assets)) {
    if (prompt !== undefined || source !== undefined || variation !== undefined) continue
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
export function checkMatrixSizes({ file }: Checked, report: Report): void {
  for (const [name, { matrix }] of Object.entries(file.assets)) {
    const pictures = matrix === undefined ? 0 : countCombinations(matrix)
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

export function checkAlt({ file }: Checked, report: Report): void {
  for (const [name, asset] of Object.entries(file.assets)) {
    const { alt, altSuggested = false, decorative = false } = asset
    if (altSuggested) checkSuggestedAlt(name, asset, report)
    if (alt === undefined && !decorative) {
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
