import { type Animation, readAnimation } from './animation.ts'
import {
  decode,
  inspectPicture,
  looksLikeSvg,
  type PictureFacts,
  type Pixels,
  renderSvg,
} from './decode.ts'
import { createThumbhash } from './thumbhash.ts'

/** A decoded picture, ready to be stored and cut into outputs. */
export type Master = PictureFacts & {
  /** The file to store: as received, but an SVG is sanitized. */
  bytes: Uint8Array
  /**
   * Decoded once and shared by all outputs; the first frame of an animation. Fewer than the picture
   * has if it is large.
   */
  pixels: Pixels
  /** Reads the frames on the first call; `undefined` if the picture is not animated. */
  animation: () => Promise<Animation | undefined>
}

/**
 * Reads a picture of any type that a master can have.
 *
 * @param signal ends the process that reads a large picture
 * @throws LimnError `picture/unreadable` if it is damaged, too large or no picture
 */
export async function readMaster(received: Uint8Array, signal?: AbortSignal): Promise<Master> {
  const bytes = looksLikeSvg(received)
    ? (await import('./sanitize-svg.ts')).sanitizeSvg(received)
    : received
  const facts = await inspectPicture(bytes)
  const pixels =
    facts.format === 'svg' ? await renderSvg(bytes, facts) : await decode(bytes, { signal })
  let animation: Promise<Animation | undefined> | undefined
  return {
    ...facts,
    bytes,
    pixels,
    animation: () =>
      (animation ??=
        facts.format === 'gif' || facts.format === 'webp'
          ? readAnimation(bytes)
          : Promise.resolve(undefined)),
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
