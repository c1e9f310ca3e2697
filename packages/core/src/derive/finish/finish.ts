import type { Sharp } from 'sharp'
import type { Output } from '../../manifest/manifest.ts'
import { fromPixels, type Pixels } from '../../pictures/decode.ts'
import type { OverlayDrawer } from '../overlay/draw-overlay.ts'
import { blur } from './blur.ts'
import { circle } from './circle.ts'
import { drawOver } from './draw-over.ts'
import { duotone } from './duotone.ts'
import { flip } from './flip.ts'
import { grayscale } from './grayscale.ts'
import { heal } from './heal.ts'
import { rotate } from './rotate.ts'
import { round } from './round.ts'
import { sharpen } from './sharpen.ts'
import { tint } from './tint.ts'
import { toPixels } from './to-pixels.ts'

/**
 * Applies the finishing steps of an output, but `trim`, to a picture that was resized for it. The
 * overlay is drawn over the finished picture, before its corners are cut.
 *
 * @param picture as `beforeFinish` describes it
 */
export async function finish(
  picture: Sharp,
  output: Output,
  drawOverlay: OverlayDrawer | undefined,
): Promise<Sharp> {
  const steps = output.finish ?? {}
  let pixels = await toPixels(picture)
  const apply = async <Value>(
    value: Value | undefined,
    step: (pixels: Pixels, value: Value) => Pixels | Promise<Pixels>,
  ): Promise<void> => {
    if (value !== undefined) pixels = await step(pixels, value)
  }
  await apply(steps.rotate, rotate)
  await apply(steps.flip, flip)
  await apply(steps.heal, heal)
  await apply(steps.grayscale, grayscale)
  await apply(steps.tint, tint)
  await apply(steps.duotone, duotone)
  await apply(steps.blur, blur)
  await apply(steps.sharpen, sharpen)
  await apply(drawOverlay, async (each, draw) => drawOver(each, await draw(each)))
  await apply(steps.round, (each, radius) => round(each, radius, output.padding))
  await apply(steps.circle, (each) => circle(each, output.padding))
  return fromPixels(pixels)
}
