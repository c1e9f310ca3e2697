import type { Sharp } from 'sharp'
import type { Output } from '../manifest/manifest.ts'
import { type Animation, joinFrames } from '../pictures/animation.ts'
import type { Region } from './crop.ts'
import { drawFrame } from './draw-frame.ts'
import type { OverlayDrawer } from './overlay/draw-overlay.ts'

/** One finished file. `width` and `height` are in px. */
export type Derived = { bytes: Buffer; width: number; height: number }

/**
 * How hard an encoder works: `full` for a file that is shipped; `quick` for one that a person waits
 * for in dev, in a fraction of the time: a little larger, with softer edges between colours.
 */
export type Effort = 'full' | 'quick'

/** How one file is encoded. `quality` is 1 to 100, or `null` for lossless formats. */
export type EncodeOptions = { quality: number | null; effort: Effort }

/**
 * Encodes an image in an output's format. The output's `background` fills transparent pixels; for
 * JPEG it defaults to white.
 */
export function encode(
  image: Sharp,
  { format, background, dpi }: Output,
  { quality, effort }: EncodeOptions,
): Sharp {
  const isFull = effort === 'full'
  const fill = background ?? (format === 'jpeg' ? '#ffffff' : null)
  const flat = fill === null ? image : image.flatten({ background: fill })
  const sized = dpi === null ? flat : flat.withMetadata({ density: dpi })
  switch (format) {
    case 'avif':
      return sized.avif({ quality: quality!, effort: isFull ? 4 : 0 })
    case 'webp':
      return sized.webp({ quality: quality!, effort: isFull ? 4 : 2, smartSubsample: isFull })
    case 'jpeg':
      return sized.jpeg({ quality: quality!, mozjpeg: isFull })
    case 'png':
    case 'ico':
      // PNG is lossless. A quality reduces its palette.
      return quality === null
        ? sized.png({ compressionLevel: isFull ? 9 : 1 })
        : sized.png({ compressionLevel: 9, palette: true, quality, effort: isFull ? 7 : 1 })
    case 'gif':
      return sized.gif({ effort: 7 })
    case 'svg':
      throw new TypeError("SVG can't be encoded from pixels.")
  }
}

/** Number of frames that are resized at the same time. */
const PARALLEL_FRAMES = 4

/** Resizes every frame the same way and joins them into an animated GIF or WebP. */
export async function encodeAnimation(
  { frames, delays, loop }: Animation,
  output: Output,
  {
    region,
    drawOverlay,
    quality,
  }: { region: Region | undefined; drawOverlay: OverlayDrawer | undefined; quality: number | null },
): Promise<Sharp> {
  const { background } = output
  const cut: Promise<Buffer>[] = []
  for await (const frame of frames()) {
    const resized = await drawFrame(frame, output, { region, drawOverlay })
    const flat = background === null ? resized : resized.flatten({ background })
    cut.push(flat.png({ compressionLevel: 1 }).toBuffer())
    // The frames of a long animation do not fit the memory before they are resized.
    await cut.at(-PARALLEL_FRAMES)
  }
  const joined = joinFrames(await Promise.all(cut))
  return output.format === 'gif'
    ? joined.gif({ delay: delays, loop, effort: 7 })
    : joined.webp({ delay: delays, loop, quality: quality!, effort: 4 })
}
