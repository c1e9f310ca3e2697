import type { Sharp } from 'sharp'
import { beforeFinish } from '../manifest/finish.ts'
import type { Output } from '../manifest/manifest.ts'
import type { Pixels } from '../pictures/decode.ts'
import type { Region } from './crop.ts'
import type { OverlayDrawer } from './overlay/draw-overlay.ts'
import { resize } from './resize.ts'

/**
 * Resizes a picture or a frame for an output, and applies its finishing steps and its overlay.
 *
 * @param options.region the part to show. `cover` requires it
 * @param options.drawOverlay absent for no overlay
 */
export async function drawFrame(
  pixels: Pixels,
  output: Output,
  { region, drawOverlay }: { region: Region | undefined; drawOverlay?: OverlayDrawer | undefined },
): Promise<Sharp> {
  const resized = resize(pixels, beforeFinish(output), region)
  if (output.finish === undefined && drawOverlay === undefined) return resized
  const { finish } = await import('./finish/finish.ts')
  return finish(resized, output, drawOverlay)
}
