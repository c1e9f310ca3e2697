import type { Asset } from '../manifest/manifest.ts'
import { estimateUsd } from '../models/cost.ts'
import { findModel, type OwnModels } from '../models/models.ts'
import { parseSize } from '../models/size.ts'

/**
 * Estimates what all candidates of an asset cost at most, USD; `null` if the price is unknown.
 * `partials` is the number of partials to stream, default that of the asset; `batch` applies the
 * price of the Batch API, default false.
 */
export function priceOfAsset(
  { model, size, quality, prompt, settings, format, inputs, candidates, ...asset }: Asset,
  models: OwnModels,
  { partials = asset.partials, batch = false }: { partials?: number | null; batch?: boolean } = {},
): number | null {
  const inputPictures = inputs.filter(({ role }) => role !== 'mask').length
  const usdPerPicture = estimateUsd(findModel(model, models), {
    size: parseSize(size)!,
    quality,
    prompt,
    inputPictures,
    fidelity: settings.fidelity,
    format,
    partials: partials ?? 0,
    batch,
  })
  return usdPerPicture === null ? null : usdPerPicture * candidates
}
