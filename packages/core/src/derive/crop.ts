import sharp from 'sharp'
import type { Output } from '../manifest/manifest.ts'
import type { Position } from '../manifest/presets.ts'
import { fromPixels, type Pixels } from '../pictures/decode.ts'

/** A part of a master, px. */
export type Region = { left: number; top: number; width: number; height: number }

/** Long edge, px, at which the part that draws the eye is looked for: more finds nothing better. */
const LOOK_EDGE = 512

/**
 * The largest part of a master that has an output's shape, where the output's position wants it.
 * Found once for a shape, so that every width of a preset shows the same part.
 */
export async function findRegion(
  master: Pixels,
  { width, height, position }: Pick<Output, 'width' | 'height' | 'position'>,
): Promise<Region> {
  const scale = Math.min(master.width / width, master.height / height)
  const region = {
    width: Math.min(master.width, Math.max(1, Math.round(width * scale))),
    height: Math.min(master.height, Math.max(1, Math.round(height * scale))),
  }
  const spare = { x: master.width - region.width, y: master.height - region.height }
  if (spare.x <= 1 && spare.y <= 1) return { left: 0, top: 0, ...region }
  if (position === 'attention' || position === 'face') {
    return { ...(await look(master, region, 'attention')), ...region }
  }
  if (position === 'entropy') return { ...(await look(master, region, position)), ...region }
  return {
    left: position.endsWith('left')
      ? 0
      : position.endsWith('right')
        ? spare.x
        : Math.round(spare.x / 2),
    top: position.startsWith('top')
      ? 0
      : position.startsWith('bottom')
        ? spare.y
        : Math.round(spare.y / 2),
    ...region,
  }
}

async function look(
  master: Pixels,
  region: { width: number; height: number },
  position: Extract<Position, 'attention' | 'entropy'>,
): Promise<{ left: number; top: number }> {
  const scale = Math.min(1, LOOK_EDGE / Math.max(master.width, master.height))
  const small = {
    width: Math.max(1, Math.round(region.width * scale)),
    height: Math.max(1, Math.round(region.height * scale)),
  }
  const { info } = await fromPixels(master)
    .resize({ ...small, fit: 'cover', position: sharp.strategy[position] })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const at = (offset: number | undefined, most: number): number =>
    Math.min(most, Math.round(Math.abs(offset ?? 0) / scale))
  return {
    left: at(info.cropOffsetLeft, master.width - region.width),
    top: at(info.cropOffsetTop, master.height - region.height),
  }
}
