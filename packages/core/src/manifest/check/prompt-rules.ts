import { findModel } from '../../models/models.ts'
import type { Asset } from '../manifest.ts'
import { suggestModel } from './find-capable-model.ts'
import { formatCount } from './format-count.ts'
import { isRequested } from './is-requested.ts'
import type { Checked, Problem, Report } from './rule.ts'

export function checkPrompts({ file, manifest }: Checked, report: Report): void {
  for (const asset of manifest.assets) {
    if (!isRequested(asset)) continue
    const { name, key, prompt, model } = asset
    const reportPrompt = (wording: Pick<Problem, 'message' | 'hint'>): void =>
      report({ code: 'prompt', path: ['assets', key, 'prompt'], ...wording })
    if (/[\p{Surrogate}\0]/u.test(prompt)) {
      reportPrompt({
        message: `The prompt of "${name}" contains half a character or a NUL, which no model can read.`,
        hint: 'Remove its escape sequence (\\u… or \\0).',
      })
    }
    if (prompt === '' && file.assets[key]?.prompt !== undefined) {
      reportPrompt({
        message: `The prompt of "${name}" is empty.`,
        hint: 'Describe what the picture shows.',
      })
    }
    const limit = findModel(model, manifest.models)?.promptLimit ?? Infinity
    if (prompt.length > limit) reportPrompt(explainLength(asset, limit))
  }
}

function explainLength(
  { name, prompt, model }: Asset,
  limit: number,
): Pick<Problem, 'message' | 'hint'> {
  const other = suggestModel('accepts it', ({ promptLimit }) => promptLimit >= prompt.length)
  return {
    message: `The prompt of "${name}" has ${formatCount(prompt.length)} characters including its style; ${model} accepts ${formatCount(limit)}.`,
    hint: `Shorten it to at most ${formatCount(limit)} characters.${other}`,
  }
}
