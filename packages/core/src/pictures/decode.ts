import sharp, { type Sharp, type SharpOptions } from 'sharp'
import { LimnError } from '../errors.ts'
import type { masterExtensions } from '../manifest/presets.ts'
import { MAX_PIXELS, openPicture, type Pixels, readPixels } from './pixels.ts'
import { firstLine, unreadablePicture } from './unreadable-picture.ts'

export { MAX_PIXELS, type Pixels } from './pixels.ts'

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
  // A compressed SVG has not been sanitized.
  if (format === 'svg' && !looksLikeSvg(bytes)) throw unreadablePicture('it is a compressed SVG')
  if (width * height > MAX_PIXELS) throw unreadablePicture(`it has ${width}x${height} px`)
  return { format, width, height }
}

/**
 * Decodes a picture. An animated one yields its first frame. An SVG is rendered in a separate
 * process with a time limit; the other decoders are bounded by the number of pixels.
 *
 * @throws LimnError `picture/unreadable` if it is damaged, truncated, too large or too slow
 */
export async function decode(
  bytes: Uint8Array,
  { density }: Pick<SharpOptions, 'density'> = {},
): Promise<Pixels> {
  // Whatever sharp could take for an SVG: no other type of picture starts like this.
  if (SVG_FIRST_BYTES.includes(bytes[0]!)) {
    const { renderApart } = await import('./render-svg.ts')
    return renderApart({ bytes, density })
  }
  // sharp would render a compressed SVG here.
  if (isGzip(bytes)) throw unreadablePicture('it is compressed')
  return readPixels(bytes).catch((error: unknown) => {
    throw error instanceof LimnError ? error : unreadablePicture(firstLine(error), error)
  })
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** Long edge of a rendered SVG, px: it has no resolution of its own. */
const SVG_EDGE = 2048

/**
 * Renders a sanitized SVG. Its text is rendered with the fonts of this machine.
 *
 * @param size of the SVG, px
 * @throws LimnError `picture/unreadable`
 */
export async function renderSvg(
  bytes: Uint8Array,
  { width, height }: { width: number; height: number },
): Promise<Pixels> {
  const scale = Math.max(1, SVG_EDGE / Math.max(width, height))
  return decode(bytes, { density: Math.min(2400, 72 * scale) })
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

/**
 * First bytes that a text with an SVG can have: blanks (Unicode ones too), `<` and the first byte
 * of a byte order mark.
 */
const SVG_FIRST_BYTES: readonly number[] = [
  0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x3c, 0xc2, 0xe1, 0xe2, 0xe3, 0xef,
]

/** Returns whether bytes are text that looks like an SVG. */
export function looksLikeSvg(bytes: Uint8Array): boolean {
  // Decoding text is slow, and the first byte already rules out every other picture type.
  if (!SVG_FIRST_BYTES.includes(bytes[0]!)) return false
  const start = new TextDecoder().decode(bytes.subarray(0, 4096))
  return (
    /^\uFEFF?\s*</.test(start) &&
    /<svg[\s>]/i.test(new TextDecoder().decode(bytes.subarray(0, 65_536)))
  )
}
