import type { Asset } from '../manifest/manifest.ts'
import { estimateUsd, explainPrice, type PriceBreakdown } from '../models/cost.ts'
import { findModel, LOCAL_MODEL, type OwnModels } from '../models/models.ts'
import { parseSize } from '../models/size.ts'

/** How a picture is requested; `partials` defaults to those of the asset, `batch` to false. */
type PriceOptions = { partials?: number | null; batch?: boolean }

/**
 * Estimates what all candidates of an asset cost at most, USD; `null` if the price is unknown.
 * `partials` is the number of partials to stream, default that of the asset; `batch` applies the
 * price of the Batch API, default false.
 */
export function priceOfAsset(
  asset: Asset,
  models: OwnModels,
  options: PriceOptions = {},
): number | null {
  if (asset.operation === 'cut') return 0
  const usd = estimateUsd(findModel(asset.model, models), toPriced(asset, options))
  return usd === null ? null : usd * asset.candidates
}

/** Explains the price of one picture of an asset. */
export function explainAssetPrice(
  asset: Asset,
  models: OwnModels,
  options: PriceOptions = {},
): PriceBreakdown {
  const row = asset.operation === 'cut' ? freeModel : findModel(asset.model, models)
  return explainPrice(row, toPriced(asset, options))
}

/** What Limn does itself is free. */
const freeModel = findModel(LOCAL_MODEL)

function toPriced(
  asset: Asset,
  { partials = asset.partials, batch = false }: PriceOptions,
): Parameters<typeof explainPrice>[1] {
  const { size, quality, prompt, settings, format, inputs } = asset
  return {
    size: parseSize(size)!,
    quality,
    prompt,
    inputPictures: inputs.filter(({ role }) => role !== 'mask').length,
    fidelity: settings.fidelity,
    format,
    partials: partials ?? 0,
    batch,
  }
}
