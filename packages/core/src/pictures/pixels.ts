import sharp, { type Sharp, type SharpOptions } from 'sharp'
import { isTimeout, requireDownloaded, unreadablePicture } from './unreadable-picture.ts'

/** A decoded picture: 8-bit sRGB, rows from top to bottom. Decoded once and shared by all outputs. */
export type Pixels = { data: Buffer; width: number; height: number; channels: 3 | 4 }

/** Pixel limit of a decoded picture: four times the largest picture that a model generates. */
export const MAX_PIXELS: number = 4 * 8_294_400

/** Pixel limit of a file: phones take photos of 200 megapixels. It is also sharp's own limit. */
export const MAX_FILE_PIXELS: number = 16_383 ** 2

/** What to read of a picture. */
export type ReadOptions = {
  /** Of an SVG, dpi. Default 72. */
  density?: number | undefined
  /** The part to read, px of the upright picture. Default: all of it. */
  region?: { left: number; top: number; width: number; height: number } | undefined
  /** The size to scale it to while it is read, px. Default: its own. */
  size?: { width: number; height: number } | undefined
  /** Time limit, s. It takes effect between rows: a step before the first row can't be stopped. */
  seconds?: number | undefined
}

/** Markers of a JPEG. */
const START_OF_SCAN = Buffer.from([0xff, 0xda])
const END_OF_IMAGE = Buffer.from([0xff, 0xd9])

/**
 * Starts a sharp pipeline from a file's bytes. @throws LimnError `picture/unreadable` if empty, or
 * a pointer of Git LFS or the like
 */
export function openPicture(bytes: Uint8Array, options: SharpOptions = {}): Sharp {
  // sharp throws an error of its own, and synchronously, for an empty buffer.
  if (bytes.length === 0) throw unreadablePicture('it is empty')
  requireDownloaded(bytes)
  return sharp(bytes, { limitInputPixels: MAX_PIXELS, ...options })
}

/**
 * Decodes a picture in this process, upright. A JPEG that is complete but not quite correct is
 * read; a truncated picture is not. Outside `picture-process.ts`, call it only for pictures whose
 * decoding is bounded: nothing can stop it.
 */
export async function readPixels(bytes: Uint8Array, options: ReadOptions = {}): Promise<Pixels> {
  if (!isJpeg(bytes)) return readAtLevel(bytes, options, 'error')
  try {
    return await readAtLevel(bytes, options, 'warning')
  } catch (error) {
    if (isTimeout(error)) throw error
    const whole = hasEnd(bytes) ? undefined : await readWithoutEnd(bytes, options)
    if (whole !== undefined) return whole
    const pixels = await readAtLevel(bytes, options, 'error')
    if (endsEarly(error, bytes) && hasMissingRows(pixels)) {
      throw unreadablePicture('it is truncated', error)
    }
    return pixels
  }
}

/**
 * Decodes a JPEG without an end marker, as some cameras write it; `undefined` if more than that is
 * missing.
 */
async function readWithoutEnd(
  bytes: Uint8Array,
  options: ReadOptions,
): Promise<Pixels | undefined> {
  try {
    return await readAtLevel(Buffer.concat([bytes, END_OF_IMAGE]), options, 'warning')
  } catch (error) {
    if (isTimeout(error)) throw error
    return undefined
  }
}

async function readAtLevel(
  bytes: Uint8Array,
  { density, region, size, seconds }: ReadOptions,
  failOn: 'warning' | 'error',
): Promise<Pixels> {
  const picture = openPicture(bytes, {
    failOn,
    ...(density === undefined ? {} : { density }),
    ...(size === undefined ? {} : { limitInputPixels: MAX_FILE_PIXELS }),
  }).autoOrient()
  if (region !== undefined) picture.extract(region)
  if (size !== undefined) picture.resize({ ...size, fit: 'fill' })
  if (seconds !== undefined) picture.timeout({ seconds })
  const { data, info } = await picture
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  if (info.channels === 3 || info.channels === 4) {
    return { data, width: info.width, height: info.height, channels: info.channels }
  }
  // A greyscale picture has one channel, or two with alpha.
  const grey = sharp(data, {
    raw: { width: info.width, height: info.height, channels: info.channels },
  })
  const { data: rgb, info: facts } = await grey
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  return { data: rgb, width: facts.width, height: facts.height, channels: facts.channels as 3 | 4 }
}

function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8
}

/**
 * Returns whether a warning about a JPEG says that it ends early. libvips may have lost the text of
 * the warning to another thread; the JPEG then has no end after its last scan.
 */
function endsEarly(warning: unknown, bytes: Uint8Array): boolean {
  const text = warning instanceof Error ? warning.message : ''
  return /premature end/i.test(text) || !hasEnd(bytes)
}

/** Returns whether a JPEG has an end after its last scan. */
function hasEnd(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return buffer.lastIndexOf(END_OF_IMAGE) > buffer.lastIndexOf(START_OF_SCAN)
}

/**
 * Returns whether a JPEG that ends early was truncated: its decoder fills the missing part with one
 * colour. A JPEG with damage elsewhere may end early too, but not by whole rows.
 */
function hasMissingRows({ data, width, height, channels }: Pixels): boolean {
  const rows = Math.max(2, Math.floor(height / 50))
  const rest = data.subarray(Math.max(0, height - rows) * width * channels)
  return rest.equals(Buffer.alloc(rest.length, rest.subarray(0, channels)))
}
