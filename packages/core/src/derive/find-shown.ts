import { beforeFinish } from '../manifest/finish.ts'
import type { Output } from '../manifest/manifest.ts'
import { formatPosition, type Position } from '../manifest/presets.ts'
import type { Animation } from '../pictures/animation.ts'
import { fromPixels, type Pixels } from '../pictures/decode.ts'
import { findRegion, type Region } from './crop.ts'

/**
 * Finds the part of a master that an output shows, px of its decoded pixels; `undefined` for all of
 * it.
 */
export type RegionFinder = (output: Output) => Promise<Region | undefined>

/**
 * Creates the finder of a master. It finds each part once per shape, position and trim.
 *
 * @param readAnimation `undefined` for a picture that stands still
 */
export function createRegionFinder(
  pixels: Pixels,
  readAnimation: (() => Promise<Animation | undefined>) | undefined,
): RegionFinder {
  const known = new Map<string, Promise<Region | undefined>>()
  const trimmed = new Map<number, Promise<Region>>()
  const trim = (tolerance: number): Promise<Region> =>
    getOrAdd(trimmed, tolerance, async () => {
      const { findTrimmed } = await import('./finish/trim.ts')
      return findTrimmed(pixels, tolerance, await readAnimation?.())
    })
  return (output) => {
    const tolerance = output.finish?.trim
    const isCrop = output.fit === 'cover' && output.padding === 0
    if (!isCrop) return tolerance === undefined ? Promise.resolve(undefined) : trim(tolerance)
    const { width, height, position } = beforeFinish(output)
    const key = `${width / height} ${formatPosition(position)} ${tolerance}`
    return getOrAdd(known, key, async () => {
      const shape = { width, height, position }
      return tolerance === undefined
        ? findRegion(pixels, shape)
        : cropWithin(pixels, await trim(tolerance), shape)
    })
  }
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = create()))
  return value
}

/** Finds a crop within a part of a master. A focal point is one of the whole master. */
async function cropWithin(
  master: Pixels,
  part: Region,
  { position, ...size }: Pick<Output, 'width' | 'height' | 'position'>,
): Promise<Region> {
  const { data, info } = await fromPixels(master)
    .extract(part)
    .raw()
    .toBuffer({ resolveWithObject: true })
  const inside = { data, width: info.width, height: info.height, channels: master.channels }
  const found = await findRegion(inside, { ...size, position: moveInto(position, part, master) })
  return { ...found, left: found.left + part.left, top: found.top + part.top }
}

function moveInto(position: Position, part: Region, master: Pixels): Position {
  if (typeof position === 'string') return position
  const share = (at: number, offset: number, edge: number): number =>
    Math.min(1, Math.max(0, (at - offset) / edge))
  return {
    x: share(position.x * master.width, part.left, part.width),
    y: share(position.y * master.height, part.top, part.height),
  }
}
