import { darken, lighten, luma } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import type { Gradient } from '../raster/gradient.ts'
import type { Pen } from '../raster/pen.ts'

/** Paints a thing that stands on the origin, about 60 units high, in its own colour and an accent. */
export type ThingPainter = (pen: Pen, color: Color, accent: Color) => void

/** Returns the light on a round body: a highlight on the left and shade on the right. */
export function rounded(left: number, right: number, color: Color): Gradient {
  const pale = luma(color) > 0.8
  return linear(left, 0, right, 0, [
    [0, darken(color, pale ? 0.1 : 0.22)],
    [0.2, lighten(color, pale ? 0.5 : 0.34)],
    [0.5, color],
    [1, darken(color, pale ? 0.26 : 0.5)],
  ])
}

/** Returns the outline of a wisp of steam that rises from (x, -46). */
export function steam(x: number, lean: number): string {
  return `M${x - 1.2} -46C${x + lean * 1.6} -52 ${x - lean * 2} -57 ${x + lean * 0.4} -67C${x - lean * 0.6} -57 ${x + lean * 3} -52 ${x + 1.4} -46Z`
}
