import sharp, { type Sharp, type SharpOptions } from 'sharp'
import { LimnError } from '../errors.ts'
import type { masterExtensions } from '../manifest/presets.ts'

/** A picture as pixels: 8-bit sRGB, rows from the top. Decoded once and shared by every output. */
export type Pixels = { data: Buffer; width: number; height: number; channels: 3 | 4 }

/**
 * What a file's bytes say it is. `extension` is the ending that a master of that type has, without
 * the dot.
 */
export type PictureFacts = {
  format: MasterFormat
  extension: (typeof masterExtensions)[number]
  width: number
  height: number
}

/** Types that a master can have: whatever can be decoded here. */
export type MasterFormat = keyof typeof extensionByMaster

const extensionByMaster = {
  png: 'png',
  jpeg: 'jpg',
  webp: 'webp',
  avif: 'avif',
  gif: 'gif',
  tiff: 'tiff',
  svg: 'svg',
} as const satisfies Record<string, (typeof masterExtensions)[number]>

/** The most pixels that are decoded: four times the largest picture that a model draws. */
export const MAX_PIXELS: number = 4 * 8_294_400

/**
 * Type and size of a picture, read from its bytes and not from what anybody says of it.
 *
 * @throws LimnError `picture/unreadable` where it is of no type that a master can have, or too
 *   large
 */
export async function inspectPicture(bytes: Uint8Array): Promise<PictureFacts> {
  const { format, ...size } = await readFacts(bytes)
  if (!isMasterFormat(format)) throw unreadable(new Error(`its type is ${format}`))
  return { format, extension: extensionByMaster[format], ...size }
}

function isMasterFormat(format: string): format is MasterFormat {
  return Object.hasOwn(extensionByMaster, format)
}

/**
 * The size of any picture that can be decoded whole, px: what a person brings may be AVIF, GIF or
 * TIFF too.
 *
 * @throws LimnError `picture/unreadable`
 */
export async function readFacts(
  bytes: Uint8Array,
): Promise<{ format: string; width: number; height: number }> {
  const {
    format: family,
    compression,
    width,
    height,
  } = await open(bytes)
    .metadata()
    .catch((error: unknown) => {
      throw unreadable(error)
    })
  const format = family === 'heif' && compression === 'av1' ? 'avif' : family
  // What comes packed was never looked at.
  if (format === 'svg' && !looksLikeSvg(bytes)) throw unreadable(new Error('it is a packed SVG'))
  if (width * height > MAX_PIXELS) throw unreadable(new Error(`it has ${width}x${height} px`))
  return { format, width, height }
}

/**
 * Decodes a picture whole. Damaged and truncated files are refused.
 *
 * @throws LimnError `picture/unreadable`
 */
export async function decode(
  bytes: Uint8Array,
  options: Pick<SharpOptions, 'density'> = {},
): Promise<Pixels> {
  const { data, info } = await open(bytes, { failOn: 'warning', ...options })
    .autoOrient()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw unreadable(error)
    })
  if (info.channels === 3 || info.channels === 4) {
    return { data, width: info.width, height: info.height, channels: info.channels }
  }
  // Greyscale, with or without alpha.
  const grey = sharp(data, {
    raw: { width: info.width, height: info.height, channels: info.channels },
  })
  const { data: rgb, info: facts } = await grey
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  return { data: rgb, width: facts.width, height: facts.height, channels: facts.channels as 3 | 4 }
}

/** Longest edge, px, that an SVG is drawn at, as it can be at any size. */
const SVG_EDGE = 2048

/**
 * Draws an SVG that was sanitised. Text in it looks as the fonts of the machine make it. @throws
 * LimnError `picture/unreadable`
 */
export async function renderSvg(
  bytes: Uint8Array,
  { width, height }: { width: number; height: number },
): Promise<Pixels> {
  const scale = Math.max(1, SVG_EDGE / Math.max(width, height))
  return decode(bytes, { density: Math.min(2400, 72 * scale) })
}

function open(bytes: Uint8Array, options: SharpOptions = {}): Sharp {
  // sharp throws at once where there is nothing to read.
  if (bytes.length === 0) throw unreadable(new Error('it is empty'))
  return sharp(bytes, { limitInputPixels: MAX_PIXELS, ...options })
}

/**
 * A picture as 8-bit RGBA with straight alpha.
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

/** Pixels as the start of a sharp pipeline. */
export function fromPixels({ data, width, height, channels }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: MAX_PIXELS })
}

function unreadable(error: unknown): LimnError {
  const why = error instanceof Error ? error.message.split('\n', 1)[0]! : String(error)
  return new LimnError('picture/unreadable', `The picture can't be read: ${why}.`, {
    hint: 'Take back a good copy with git, or generate it again.',
    cause: error,
  })
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
