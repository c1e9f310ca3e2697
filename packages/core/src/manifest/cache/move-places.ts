import type { Place } from '../../diagnostic.ts'
import type { Asset } from '../manifest.ts'

/** Moves a place by some lines. */
export function movePlace(place: Place, by: number): Place {
  return by === 0 ? place : { ...place, line: place.line + by }
}

/** Moves all places of an asset by some lines. */
export function moveAsset(asset: Asset, by: number): Asset {
  if (by === 0) return asset
  const { source, inputs, place } = asset
  return {
    ...asset,
    source: source === null ? null : { ...source, place: movePlace(source.place, by) },
    inputs: inputs.map((input) => ({ ...input, place: movePlace(input.place, by) })),
    place: movePlace(place, by),
  }
}
