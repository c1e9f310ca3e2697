import sharp, { type Sharp } from 'sharp'
import { LimnError } from '../errors.ts'
import type { masterExtensions } from '../manifest/presets.ts'
import { MAX_PIXELS, openPicture, type Pixels, readPixels } from './pixels.ts'
import { looksLikeSvg, mayBeSvg } from './svg-text.ts'
import { firstLine, unreadablePicture } from './unreadable-picture.ts'

export { MAX_PIXELS, type Pixels } from './pixels.ts'
export { looksLikeSvg } from './svg-text.ts'

/** Type and size of a picture, read from its bytes. */
export type PictureFacts = {
  format: MasterFormat
  /** File extension of a master of that type, without the dot. */
  extension: (typeof masterExtensions)[number]
  /** In px. */
  width: number
  height: number
}

/** The picture types that a master can have. */
type MasterFormat = 'png' | 'jpeg' | 'webp' | 'avif' | 'gif' | 'tiff' | 'svg'

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
  const { format, ...size } = await readFormatAndSize(bytes)
  if (!isMasterFormat(format)) throw unreadablePicture(`its type is ${format}`)
  return { format, extension: extensionByFormat[format], ...size }
}

function isMasterFormat(format: string): format is MasterFormat {
  return Object.hasOwn(extensionByFormat, format)
}

/**
 * Reads format and size (px) of any picture that sharp can decode. Users' own pictures may have
 * types that a master can't have.
 *
 * @throws LimnError `picture/unreadable` if it is damaged or too large
 */
export async function readFormatAndSize(
  bytes: Uint8Array,
): Promise<{ format: string; width: number; height: number }> {
  if (looksLikeSvg(bytes)) {
    const { width, height } = await (await import('./vector.ts')).openVector(bytes)
    return { format: 'svg', width, height }
  }
  requireNoSvg(bytes)
  const {
    format: family,
    compression,
    width,
    height,
  } = await openPicture(bytes)
    .metadata()
    .catch((error: unknown) => {
      throw unreadablePicture(firstLine(error), error)
    })
  const format = family === 'heif' && compression === 'av1' ? 'avif' : family
  if (width * height > MAX_PIXELS) throw unreadablePicture(`it has ${width}x${height} px`)
  return { format, width, height }
}

/**
 * Decodes a picture. An animated one yields its first frame. An SVG is drawn large, in a separate
 * process with a time limit; the other decoders are bounded by the number of pixels.
 *
 * @throws LimnError `picture/unreadable` if it is damaged, truncated, too large or too slow
 */
export async function decode(bytes: Uint8Array): Promise<Pixels> {
  if (looksLikeSvg(bytes)) {
    const { drawLarge, openVector } = await import('./vector.ts')
    return drawLarge(await openVector(bytes))
  }
  requireNoSvg(bytes)
  return readPixels(bytes).catch((error: unknown) => {
    throw error instanceof LimnError ? error : unreadablePicture(firstLine(error), error)
  })
}

/**
 * sharp would render in this process whatever it takes for an SVG, compressed ones too.
 *
 * @throws LimnError `picture/unreadable`
 */
function requireNoSvg(bytes: Uint8Array): void {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw unreadablePicture('it is compressed')
  if (mayBeSvg(bytes)) throw unreadablePicture('it is a text, but no SVG')
}

/**
 * Decodes a picture to 8-bit RGBA with straight alpha.
 *
 * @throws LimnError `picture/unreadable`
 */
export async function decodeRgba(
  bytes: Uint8Array,
): Promise<{ width: number; height: number; data: Uint8Array }> {
  const { data, info } = await fromPixels(await decode(bytes))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: new Uint8Array(data) }
}

/** Starts a sharp pipeline from pixels. */
export function fromPixels({ data, width, height, channels }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: MAX_PIXELS })
}
