import type { Asset } from '../manifest/manifest.ts'
import { estimateUsd } from '../models/cost.ts'
import { findModel, type OwnModels } from '../models/models.ts'
import { parseSize } from '../models/size.ts'

/**
 * What all pictures of an asset cost at most, USD; `null` where that is not known. `batch`: at the
 * price of a batch. `partials`: unfinished pictures on the way.
 */
export function priceOfAsset(
  { model, size, quality, prompt, settings, format, inputs, candidates, ...asset }: Asset,
  models: OwnModels,
  { partials = asset.partials, batch = false }: { partials?: number | null; batch?: boolean } = {},
): number | null {
  const inputPictures = inputs.filter(({ role }) => role !== 'mask').length
  const each = estimateUsd(findModel(model, models), {
    size: parseSize(size)!,
    quality,
    prompt,
    inputPictures,
    fidelity: settings.fidelity,
    format,
    partials: partials ?? 0,
    batch,
  })
  return each === null ? null : each * candidates
}
