import { type Animation, readAnimation } from './animation.ts'
import { decode, inspectPicture, looksLikeSvg, type PictureFacts, type Pixels } from './decode.ts'
import { createThumbhash } from './thumbhash.ts'
import type { Vector } from './vector.ts'

/** A decoded picture, ready to be stored and cut into outputs. */
export type Master = PictureFacts & {
  /** The file to store: as received, but an SVG is sanitized. */
  bytes: Uint8Array
  /** Decoded once and shared by all outputs; the first frame of an animation, a preview of an SVG. */
  pixels: Pixels
  /** Draws an SVG at the size of each output; `undefined` for other pictures. */
  vector: Vector | undefined
  /** Reads the frames on the first call; `undefined` if the picture is not animated. */
  animation: () => Promise<Animation | undefined>
}

/**
 * Reads a picture of any type that a master can have.
 *
 * @throws LimnError `picture/unreadable` if it is damaged, too large or no picture
 */
export async function readMaster(received: Uint8Array): Promise<Master> {
  if (looksLikeSvg(received)) return readVector(received)
  const facts = await inspectPicture(received)
  const pixels = await decode(received)
  let animation: Promise<Animation | undefined> | undefined
  return {
    ...facts,
    bytes: received,
    pixels,
    vector: undefined,
    animation: () =>
      (animation ??=
        facts.format === 'gif' || facts.format === 'webp'
          ? readAnimation(received)
          : Promise.resolve(undefined)),
  }
}

/** Long edge of the preview of an SVG, px: enough to find its salient part. */
const PREVIEW_EDGE = 512

async function readVector(received: Uint8Array): Promise<Master> {
  const [{ sanitizeSvg }, { drawLarge, openVector }] = await Promise.all([
    import('./sanitize-svg.ts'),
    import('./vector.ts'),
  ])
  const bytes = sanitizeSvg(received)
  const vector = await openVector(bytes)
  const { width, height } = vector
  return {
    format: 'svg',
    extension: 'svg',
    width,
    height,
    bytes,
    pixels: await drawLarge(vector, PREVIEW_EDGE),
    vector,
    animation: () => Promise.resolve(undefined),
  }
}

/** What the lockfile records about a master besides path, digest and state. Sizes in bytes and px. */
export type MasterFacts = { bytes: number; width: number; height: number; thumbhash: string }

/** Computes what the lockfile records about a master. */
export async function computeMasterFacts({
  bytes,
  width,
  height,
  pixels,
}: Master): Promise<MasterFacts> {
  return { bytes: bytes.length, width, height, thumbhash: await createThumbhash(pixels) }
}
