import { countFrames } from './animation.ts'
import { readFacts } from './read-facts.ts'
import type { PictureSize } from './size-index.ts'

/**
 * Reads the size of an upright picture (px) and its number of frames from its bytes; `undefined` if
 * it is no picture.
 */
export async function readSize(bytes: Uint8Array): Promise<PictureSize | undefined> {
  try {
    const { width, height, format } = await readFacts(bytes)
    // A run reports frames that can't be read.
    const frames = await countFrames(bytes, format).catch(() => 1)
    return { width, height, frames }
  } catch {
    return undefined
  }
}
