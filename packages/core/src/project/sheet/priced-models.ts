import type { AssetView } from '@limn/contact-sheet'
import type { Asset, Manifest } from '../../manifest/manifest.ts'
import { isOwnPicture } from '../../models/input-role.ts'
import type { Model } from '../../models/model.ts'
import { findModel, LOCAL_MODEL, modelById } from '../../models/models.ts'
import { priceOfAsset } from '../../plan/price.ts'

/**
 * Lists the models that can make an asset, each with its qualities and the price of one picture:
 * the manifest's own first. A server other than OpenAI's has those that the manifest names.
 *
 * @param today `2026-11-30`: models that are shut down by then are left out
 */
export function listPricedModels(
  asset: Asset,
  { models: own, providers, assets }: Manifest,
  today: string,
): AssetView['models'] {
  if (asset.source !== null || asset.operation === 'cut') return []
  const [provider] = providers
  const named = [...Object.keys(own), ...assets.map(({ model }) => model)]
  const known = provider?.server === 'openai' ? [...modelById.keys()] : []
  const ids = provider?.server === 'local' ? [LOCAL_MODEL] : [asset.model, ...named, ...known]
  return [...new Set(ids)].flatMap((id) => {
    const model = findModel(id, own)
    const isLocal = id === LOCAL_MODEL && provider?.server !== 'local'
    const isCurrent = id === asset.model
    if (isLocal || (!isCurrent && !canMake(model, asset, today))) return []
    return [{ id, qualities: pricedQualities(id, model, { asset, own }) }]
  })
}

function canMake(model: Model | undefined, { operation, inputs }: Asset, today: string): boolean {
  if (model === undefined) return true
  const pictures = inputs.filter(isOwnPicture).length
  return (
    (operation === 'cut' || operation === 'variation' || model.operations.includes(operation)) &&
    pictures <= model.references &&
    (model.shutdown === undefined || model.shutdown.date > today)
  )
}

function pricedQualities(
  id: string,
  model: Model | undefined,
  { asset, own }: { asset: Asset; own: Manifest['models'] },
): AssetView['models'][number]['qualities'] {
  const names = model?.qualities ?? [asset.quality]
  return (names.length === 0 ? ['auto'] : names).map((name) => ({
    name,
    usd: priceOfAsset({ ...asset, model: id, quality: name, candidates: 1 }, own),
  }))
}
