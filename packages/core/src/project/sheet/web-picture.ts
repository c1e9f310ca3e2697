import type { Pixels } from '../../pictures/pixels.ts'

/** A picture as a browser receives it. */
export type WebPicture = { bytes: Uint8Array; mime: string }

/** Longest edge of a thumbnail, px. */
export const THUMB_EDGE = 480
/** Longest edge of a picture that is converted for the browser, px. */
const SHOWN_EDGE = 2048
/** Largest picture that is sent as it is, px: a browser shows larger ones slowly or not at all. */
const MAX_SHOWN_PIXELS = 40_000_000

/** Types that every browser shows. All others are converted. */
const mimeByFormat: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  avif: 'image/avif',
  gif: 'image/gif',
}

/** MIME types of outputs, by format. */
export const outputMimes = {
  ...mimeByFormat,
  svg: 'image/svg+xml',
  ico: 'image/x-icon',
} as Readonly<Record<string, string>>

/**
 * Makes a thumbnail of a picture: WebP, at most `THUMB_EDGE` px wide and high.
 *
 * @throws LimnError `picture/unreadable`
 */
export async function createThumb(bytes: Uint8Array): Promise<Buffer> {
  const { decode } = await import('../../pictures/decode.ts')
  return toWebp(await decode(bytes), { edge: THUMB_EDGE, quality: 74 })
}

/**
 * Returns a picture as a browser shows it: as it is if every browser shows its type, an SVG without
 * anything that runs or loads, and everything else as WebP. Its bytes decide about its type,
 * whatever its name says.
 *
 * @throws LimnError `picture/unreadable`
 */
export async function toWebPicture(bytes: Uint8Array): Promise<WebPicture> {
  const { decode, inspectPicture, looksLikeSvg } = await import('../../pictures/decode.ts')
  if (looksLikeSvg(bytes)) {
    const { sanitizeSvg } = await import('../../pictures/sanitize-svg.ts')
    return { bytes: sanitizeSvg(bytes), mime: 'image/svg+xml' }
  }
  const { format, width, height } = await inspectPicture(bytes)
  const mime = mimeByFormat[format]
  if (mime !== undefined && width * height <= MAX_SHOWN_PIXELS) return { bytes, mime }
  const webp = await toWebp(await decode(bytes), { edge: SHOWN_EDGE, quality: 85 })
  return { bytes: webp, mime: 'image/webp' }
}

async function toWebp(
  pixels: Pixels,
  { edge, quality }: { edge: number; quality: number },
): Promise<Buffer> {
  const { fromPixels } = await import('../../pictures/decode.ts')
  return fromPixels(pixels)
    .resize({ width: edge, height: edge, fit: 'inside', withoutEnlargement: true })
    .webp({ quality, effort: 2 })
    .toBuffer()
}
