import type { Metadata } from 'sharp'
import { LimnError } from '../errors.ts'
import { nameFormat } from './name-format.ts'
import { MAX_FILE_PIXELS, openPicture } from './pixels.ts'
import { looksLikeSvg, requireNoSvg } from './svg-text.ts'
import { reasonOf, unreadablePicture } from './unreadable-picture.ts'

/** What the header of a picture says. */
export type RasterFacts = {
  format: string
  /** Of the upright picture, px. */
  width: number
  height: number
  /** Number of frames or pages. */
  pages: number
  /** Whether it is stored upright, as 8-bit RGB or grey without a colour profile. */
  isPlain: boolean
  /** Whether its pixels may be transparent. */
  hasAlpha: boolean
  /** Whether each part of the file refines the whole picture. */
  isProgressive: boolean
}

/**
 * Reads the header of any picture that sharp can decode. Users' own pictures may have types that a
 * master can't have.
 *
 * @throws LimnError `picture/unreadable` if it is damaged or too large
 */
export async function readFacts(bytes: Uint8Array): Promise<RasterFacts> {
  if (looksLikeSvg(bytes)) {
    const { width, height } = await (await import('./vector.ts')).openVector(bytes)
    return {
      format: 'svg',
      width,
      height,
      pages: 1,
      isPlain: false,
      hasAlpha: true,
      isProgressive: false,
    }
  }
  requireNoSvg(bytes)
  const metadata = await readMetadata(bytes)
  const { format: family, compression, autoOrient, isProgressive } = metadata
  const format = family === 'heif' && compression === 'av1' ? 'avif' : family
  if (format === 'heif') throw nameFormat(bytes) ?? unreadablePicture('its type is HEIF')
  const { width, height } = autoOrient
  if (width * height > MAX_FILE_PIXELS) {
    throw unreadablePicture(
      `it has ${width}x${height} px, and Limn reads at most ${Math.floor(MAX_FILE_PIXELS / 1e6)} megapixels`,
      undefined,
      'Scale it down.',
    )
  }
  return {
    format,
    width,
    height,
    pages: metadata.pages ?? 1,
    isPlain: isPlain(metadata),
    hasAlpha: metadata.hasAlpha,
    isProgressive,
  }
}

async function readMetadata(bytes: Uint8Array): Promise<Metadata> {
  try {
    return await openPicture(bytes, { limitInputPixels: false }).metadata()
  } catch (error) {
    if (error instanceof LimnError) throw error
    throw nameFormat(bytes) ?? unreadablePicture(reasonOf(error), error)
  }
}

function isPlain({ orientation = 1, depth, space, hasProfile, pages = 1 }: Metadata): boolean {
  const isSrgb = space === 'srgb' || space === 'b-w'
  return orientation === 1 && depth === 'uchar' && isSrgb && !hasProfile && pages === 1
}
