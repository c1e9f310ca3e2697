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

/** A picture read whole, ready to be kept and cut. */
export type Master = PictureFacts & {
  /** The file as it may be kept: as it came, but for an SVG, which is kept without what could run. */
  bytes: Uint8Array
  /** Decoded once and shared by every output; of an animation, its first frame. */
  pixels: Pixels
  /** Its frames, where it moves; read when they are asked for. */
  animation: () => Promise<Animation | undefined>
}

/**
 * Reads a picture of any type that a master can have.
 *
 * @throws LimnError `picture/unreadable` where it is damaged, too large, or none
 */
export async function readMaster(received: Uint8Array): Promise<Master> {
  const bytes = looksLikeSvg(received)
    ? (await import('./sanitize-svg.ts')).sanitizeSvg(received)
    : received
  const facts = await inspectPicture(bytes)
  const pixels = facts.format === 'svg' ? await renderSvg(bytes, facts) : await decode(bytes)
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

/** What the lock keeps of a master beside its path and state. */
export type MasterFacts = { bytes: number; width: number; height: number; thumbhash: string }

/** Works out what the lock keeps of a master. */
export async function factsOfMaster({
  bytes,
  width,
  height,
  pixels,
}: Master): Promise<MasterFacts> {
  return { bytes: bytes.length, width, height, thumbhash: await createThumbhash(pixels) }
}
