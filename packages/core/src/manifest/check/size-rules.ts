import type { Model, SizeRule } from '../../models/model.ts'
import { findModel } from '../../models/models.ts'
import {
  chooseSize,
  formatSize,
  parseSize,
  type Size,
  sizeRuleOf,
  documentedSizeRule,
  whyIllegalSize,
} from '../../models/size.ts'
import type { Asset } from '../manifest.ts'
import { pathOfField } from './field-path.ts'
import { suggestModel } from './find-capable-model.ts'
import type { Checked, Report } from './rule.ts'

/** Finds sizes that a model does not generate. */
export function checkSizes(checked: Checked, report: Report): void {
  for (const asset of checked.manifest.assets) {
    const row = findModel(asset.model, checked.manifest.models)
    const size = parseSize(asset.size)
    if (row === undefined || size === undefined || asset.source !== null) continue
    const why = whyIllegalSize(size, sizeRuleFor(asset, row))
    if (why === undefined) continue
    const isSure = whyIllegalSize(size, documentedSizeRule(row, asset.format)) !== undefined
    report({
      code: 'size',
      severity: isSure ? 'error' : 'warning',
      path: pathOfField(checked, asset, 'size'),
      message: isSure
        ? `${row.id} can't generate ${asset.size}: it ${why}.`
        : `${row.id} may reject frames of ${asset.size}: reports indicate that with this many frames it ${why}.`,
      hint: hintForSize(asset, size, row),
    })
  }
}

function hintForSize(asset: Asset, size: Size, row: Model): string {
  const nearest = formatSize(chooseSize(size, sizeRuleFor(asset, row)))
  const other = suggestModel(
    'generates it',
    (model) =>
      model.formats.includes(asset.format) &&
      whyIllegalSize(size, sizeRuleFor(asset, model)) === undefined,
  )
  return `Write ${nearest}, or remove \`size\` to get the smallest size that covers every output.${other}`
}

function sizeRuleFor({ format, settings }: Asset, model: Model): SizeRule {
  return sizeRuleOf(model, format, settings.frames?.count)
}
