import { LimnError } from '../errors.ts'
import { type Animation, countFrames, readAnimation } from './animation.ts'
import { decode, inspectPicture, looksLikeSvg, type PictureFacts, type Pixels } from './decode.ts'
import { createThumbhash } from './thumbhash.ts'
import type { Vector } from './vector.ts'

/** A decoded picture, ready to be stored and cut into outputs. */
export type Master = PictureFacts & {
  /** The file to store: as received, but an SVG is sanitized. */
  bytes: Uint8Array
  /**
   * Decoded once and shared by all outputs; the first frame of an animation, a preview of an SVG.
   * Fewer than the picture has if it is large.
   */
  pixels: Pixels
  /** Draws an SVG at the size of each output; `undefined` for other pictures. */
  vector: Vector | undefined
  /** Number of frames: more than one if it is animated. */
  frames: number
  /** Opens the animation on the first call; `undefined` if the picture is not animated. */
  animation: () => Promise<Animation | undefined>
}

/**
 * Reads a picture of any type that a master can have.
 *
 * @param signal ends the process that reads a large picture
 * @throws LimnError `picture/unreadable` if it is damaged, too large or no picture
 */
export async function readMaster(received: Uint8Array, signal?: AbortSignal): Promise<Master> {
  if (looksLikeSvg(received)) return readVector(received)
  requireReadableFrames(received)
  const facts = await inspectPicture(received)
  const pixels = await decode(received, { signal })
  const frames = await countFrames(received, facts.format)
  let animation: Promise<Animation | undefined> | undefined
  return {
    ...facts,
    bytes: received,
    pixels,
    vector: undefined,
    frames,
    animation: () =>
      (animation ??= frames > 1 ? readAnimation(received) : Promise.resolve(undefined)),
  }
}

/** The brand of an AVIF that is a sequence, in its first box. */
const AVIF_SEQUENCE = 'ftypavis'

/**
 * Only the first frame of an animated AVIF could be decoded, and its outputs would stand still.
 *
 * @throws LimnError `picture/unreadable`
 */
export function requireReadableFrames(bytes: Uint8Array): void {
  if (Buffer.from(bytes.subarray(4, 12)).toString('latin1') !== AVIF_SEQUENCE) return
  throw new LimnError(
    'picture/unreadable',
    "The picture can't be read: it is an animated AVIF, and Limn reads only still ones.",
    { hint: 'Convert it to an animated WebP, PNG or GIF.' },
  )
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
    frames: 1,
    animation: () => Promise.resolve(undefined),
  }
}

/** What the lockfile records about a master besides path, digest and state. */
export type MasterFacts = {
  bytes: number
  /** px. */
  width: number
  height: number
  thumbhash: string
  /** Absent unless it is animated. */
  frames?: number
}

/** Computes what the lockfile records about a master. */
export async function computeMasterFacts({
  bytes,
  width,
  height,
  pixels,
  frames,
}: Master): Promise<MasterFacts> {
  const thumbhash = await createThumbhash(pixels)
  return { bytes: bytes.length, width, height, thumbhash, ...(frames > 1 ? { frames } : {}) }
}
