import type { Sharp } from 'sharp'
import { beforeFinish } from '../manifest/finish.ts'
import type { Output } from '../manifest/manifest.ts'
import type { Pixels } from '../pictures/decode.ts'
import type { Region } from './crop.ts'
import { resize } from './resize.ts'

/**
 * Resizes a picture or a frame for an output, and applies its finishing steps.
 *
 * @param region the part to show. `cover` requires it
 */
export async function drawFrame(
  pixels: Pixels,
  output: Output,
  region: Region | undefined,
): Promise<Sharp> {
  const resized = resize(pixels, beforeFinish(output), region)
  if (output.finish === undefined) return resized
  const { finish } = await import('./finish/finish.ts')
  return finish(resized, output)
}
