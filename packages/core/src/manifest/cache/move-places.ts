import type { Place } from '../../diagnostic.ts'
import type { Asset } from '../manifest.ts'

/** Moves a place by some lines. */
export function movePlace(place: Place, by: number): Place {
  return by === 0 ? place : { ...place, line: place.line + by }
}

/** Some lines that were added to a file or, below 0, removed from it. */
export type Shift = { file: string; after: number; by: number }

/** Returns whether a place moves. */
export function isMoved(place: Place, { file, after }: Shift): boolean {
  return place.file === file && place.line > after
}

/** Moves those places of an asset that are after the lines. */
export function moveAsset(asset: Asset, shift: Shift): Asset {
  const { source, inputs, place } = asset
  const move = (at: Place): Place => (isMoved(at, shift) ? movePlace(at, shift.by) : at)
  return {
    ...asset,
    source: source === null ? null : { ...source, place: move(source.place) },
    inputs: inputs.map((input) => ({ ...input, place: move(input.place) })),
    place: move(place),
  }
}
