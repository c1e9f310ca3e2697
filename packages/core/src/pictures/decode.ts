import sharp, { type Sharp } from 'sharp'
import type { masterExtensions } from '../manifest/presets.ts'
import { decodeRaster } from './decode-raster.ts'
import { MAX_FILE_PIXELS, type Pixels } from './pixels.ts'
import { readFacts } from './read-facts.ts'
import { looksLikeSvg, requireNoSvg } from './svg-text.ts'
import { unreadablePicture } from './unreadable-picture.ts'

export { MAX_PIXELS, type Pixels } from './pixels.ts'
export { looksLikeSvg } from './svg-text.ts'

/** Type and size of a picture, read from its bytes. */
export type PictureFacts = {
  format: MasterFormat
  /** File extension of a master of that type, without the dot. */
  extension: (typeof masterExtensions)[number]
  /** Of the upright picture, px. */
  width: number
  height: number
}

/** The picture types that a master can have. */
export type MasterFormat = 'png' | 'jpeg' | 'webp' | 'avif' | 'gif' | 'tiff' | 'svg'

const extensionByFormat: Readonly<Record<MasterFormat, PictureFacts['extension']>> = {
  png: 'png',
  jpeg: 'jpg',
  webp: 'webp',
  avif: 'avif',
  gif: 'gif',
  tiff: 'tiff',
  svg: 'svg',
}

/**
 * Reads type and size of a picture from its bytes, whatever its name or its source claim.
 *
 * @throws LimnError `picture/unreadable` if it is too large, or a master can't have its type
 */
export async function inspectPicture(bytes: Uint8Array): Promise<PictureFacts> {
  const { format, width, height } = await readFacts(bytes)
  if (!isMasterFormat(format)) throw unreadablePicture(`its type is ${format}`)
  return { format, extension: extensionByFormat[format], width, height }
}

/** Returns whether a master can have a type, as the bytes of a picture say it. */
export function isMasterFormat(format: string): format is MasterFormat {
  return Object.hasOwn(extensionByFormat, format)
}

/**
 * Decodes a picture upright. An animated one yields its first frame, and one of more than
 * `MAX_PIXELS` a smaller copy; an SVG is drawn large. SVGs and pictures whose decoding is not
 * bounded by their number of pixels are read in a separate process with a time limit.
 *
 * @param options.signal ends that process
 * @throws LimnError `picture/unreadable` if it is damaged, truncated, too large or too slow
 */
export async function decode(
  bytes: Uint8Array,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<Pixels> {
  if (looksLikeSvg(bytes)) {
    const { drawLarge, openVector } = await import('./vector.ts')
    return drawLarge(await openVector(bytes))
  }
  requireNoSvg(bytes)
  return decodeRaster(bytes, await readFacts(bytes), signal)
}

/**
 * Decodes a picture to 8-bit RGBA with straight alpha.
 *
 * @throws LimnError `picture/unreadable`
 */
export async function decodeRgba(
  bytes: Uint8Array,
): Promise<{ width: number; height: number; data: Uint8Array }> {
  return toRgba(await decode(bytes))
}

/** Adds an opaque alpha channel to pixels that have none. */
export async function toRgba(
  pixels: Pixels,
): Promise<{ width: number; height: number; data: Uint8Array }> {
  if (pixels.channels === 4) return pixels
  const { data, info } = await fromPixels(pixels)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: new Uint8Array(data) }
}

/** Starts a sharp pipeline from pixels. */
export function fromPixels({ data, width, height, channels }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: MAX_FILE_PIXELS })
}
