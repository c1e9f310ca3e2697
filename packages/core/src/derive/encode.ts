import type { Sharp } from 'sharp'
import type { Output } from '../manifest/manifest.ts'
import { type Animation, joinFrames } from '../pictures/animation.ts'
import type { Region } from './crop.ts'
import { resize } from './resize.ts'

/**
 * Encodes in an output's format, at a quality from 1 to 100 where it has one. Formats without
 * transparency get a ground, white where none is named.
 */
export function encode(
  image: Sharp,
  { format, background, dpi }: Output,
  quality: number | null,
): Sharp {
  const ground = background ?? (format === 'jpeg' ? '#ffffff' : null)
  const flat = ground === null ? image : image.flatten({ background: ground })
  const sized = dpi === null ? flat : flat.withMetadata({ density: dpi })
  switch (format) {
    case 'avif':
      return sized.avif({ quality: quality!, effort: 4 })
    case 'webp':
      return sized.webp({ quality: quality!, effort: 4, smartSubsample: true })
    case 'jpeg':
      return sized.jpeg({ quality: quality!, mozjpeg: true })
    case 'png':
    case 'ico':
      // Without a quality it is lossless; with one, colours are reduced.
      return quality === null
        ? sized.png({ compressionLevel: 9 })
        : sized.png({ compressionLevel: 9, palette: true, quality, effort: 7 })
    case 'gif':
      return sized.gif({ effort: 7 })
    case 'svg':
      throw new TypeError('An SVG is not encoded from pixels.')
  }
}

/** Cuts every frame alike, and puts them together as a GIF or WebP that moves. */
export async function encodeAnimation(
  { frames, delays, loop }: Animation,
  output: Output,
  region: Region | undefined,
  quality: number | null,
): Promise<Sharp> {
  const { background } = output
  const cut = frames.map((frame) =>
    background === null
      ? resize(frame, output, region)
      : resize(frame, output, region).flatten({ background }),
  )
  const joined = await joinFrames(cut)
  return output.format === 'gif'
    ? joined.gif({ delay: delays, loop, effort: 7 })
    : joined.webp({ delay: delays, loop, quality: quality!, effort: 4 })
}
