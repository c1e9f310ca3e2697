import sharp from 'sharp'
import type { Output } from '../manifest/manifest.ts'
import type { FocalPoint, NamedPosition } from '../manifest/presets.ts'
import { fromPixels, type Pixels } from '../pictures/decode.ts'

/** A part of a master, px. */
export type Region = Offset & Size

type Offset = { left: number; top: number }
type Size = { width: number; height: number }

/**
 * The long edge of the copy that is searched for a salient region, px. A larger one gives no better
 * result.
 */
const SEARCH_EDGE = 512

/**
 * Returns the largest region of a master with an output's aspect ratio, at the output's position.
 * Compute it once per shape, so that every width of a preset shows the same part.
 */
export async function findRegion(
  master: Pixels,
  { width, height, position }: Pick<Output, 'width' | 'height' | 'position'>,
): Promise<Region> {
  const scale = Math.min(master.width / width, master.height / height)
  const size: Size = {
    width: Math.min(master.width, Math.max(1, Math.round(width * scale))),
    height: Math.min(master.height, Math.max(1, Math.round(height * scale))),
  }
  const spare: Size = { width: master.width - size.width, height: master.height - size.height }
  if (spare.width <= 1 && spare.height <= 1) return { left: 0, top: 0, ...size }
  if (typeof position === 'object') return { ...centreOn(position, master, size), ...size }
  if (position === 'attention' || position === 'face') {
    return { ...(await findSalient(master, size, 'attention')), ...size }
  }
  if (position === 'entropy') return { ...(await findSalient(master, size, position)), ...size }
  return { ...alignTo(position, spare), ...size }
}

/** Returns the offset at which a point is in the middle, as far as the edges allow. */
function centreOn({ x, y }: FocalPoint, master: Size, size: Size): Offset {
  const offset = (share: number, whole: number, part: number): number =>
    Math.min(whole - part, Math.max(0, Math.round(share * whole - part / 2)))
  return { left: offset(x, master.width, size.width), top: offset(y, master.height, size.height) }
}

/** Resolves a named side or corner to an offset within the spare pixels. */
function alignTo(position: NamedPosition, spare: Size): Offset {
  let [left, top] = [Math.round(spare.width / 2), Math.round(spare.height / 2)]
  if (position.endsWith('left')) left = 0
  if (position.endsWith('right')) left = spare.width
  if (position.startsWith('top')) top = 0
  if (position.startsWith('bottom')) top = spare.height
  return { left, top }
}

async function findSalient(
  master: Pixels,
  size: Size,
  strategy: Extract<NamedPosition, 'attention' | 'entropy'>,
): Promise<Offset> {
  const scale = Math.min(1, SEARCH_EDGE / Math.max(master.width, master.height))
  const small: Size = {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  }
  const { info } = await fromPixels(master)
    .resize({ ...small, fit: 'cover', position: sharp.strategy[strategy] })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const scaleUp = (offset: number | undefined, max: number): number =>
    Math.min(max, Math.round(Math.abs(offset ?? 0) / scale))
  return {
    left: scaleUp(info.cropOffsetLeft, master.width - size.width),
    top: scaleUp(info.cropOffsetTop, master.height - size.height),
  }
}
