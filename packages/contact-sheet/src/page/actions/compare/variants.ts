import type { AssetView, Variant } from '../../../protocol.ts'

/** What a variant is in full. */
type Full = { model: string; quality: string; prompt: string }

/** Returns the first two variants that are worth comparing: as it is, and the next best choice. */
export function firstVariants(view: AssetView): Variant[] {
  const { model, quality } = view.asset
  const qualities = view.models.find(({ id }) => id === model)?.qualities ?? []
  const other = qualities.findLast(({ name }) => name !== quality)
  if (other !== undefined) return [{}, { quality: other.name }]
  const otherModel = view.models.find(({ id }) => id !== model)
  return otherModel === undefined ? [{}, {}] : [{}, { model: otherModel.id }]
}

/** Returns the numbers, from 1, of the first two variants that are the same; `null` if all differ. */
export function findEqual(view: AssetView, variants: readonly Variant[]): [number, number] | null {
  const keys = variants.map((variant) => JSON.stringify(fill(view, variant)))
  for (const [index, key] of keys.entries()) {
    const first = keys.indexOf(key)
    if (first !== index) return [first + 1, index + 1]
  }
  return null
}

function fill(view: AssetView, variant: Variant): Full {
  return {
    model: variant.model ?? view.asset.model,
    quality: variant.quality ?? view.asset.quality,
    prompt: variant.prompt ?? view.editable.prompt ?? '',
  }
}

/** Returns a variant without what is as in the manifest. */
export function reduce(variant: Variant): Variant {
  return Object.fromEntries(
    Object.entries(variant).filter(([, value]) => value !== undefined && value !== ''),
  )
}
