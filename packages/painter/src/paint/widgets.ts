import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { circle, join, roundRect, smooth } from '../raster/path.ts'
import type { Point } from '../raster/path.ts'
import type { Box } from './box.ts'
import type { Stage } from './painter.ts'

/** Paints a bar with round ends, which stands for a line of text. */
export function paintBar(stage: Stage, { x, y, w, h }: Box, color: Color): void {
  stage.pen.fill(roundRect(x, y, w, h, h / 2), color)
}

/** Paints a panel with a soft shadow. */
export function paintPanel(stage: Stage, { x, y, w, h }: Box, color: Color): void {
  stage.pen.soft(roundRect(x, y + 0.7, w, h, 2.6), 1.2, stage.studio.ink, { opacity: 0.13 })
  stage.pen.fill(roundRect(x, y, w, h, 2.6), color)
}

/** Paints a line chart of random values. */
export function paintCurve({ pen, random }: Stage, { x, y, w, h }: Box, color: Color): void {
  const points: Point[] = Array.from({ length: 8 }, (_, i): Point => [
    x + (i / 7) * w,
    y + h * (0.75 - (i / 7) * 0.5 + random.range(-0.2, 0.2)),
  ])
  const curve = smooth(points, false)
  pen.fill(
    join(curve, [1, x + w, y + h, 1, x, y + h, 4]),
    linear(0, y, 0, y + h, [
      [0, color, 0.5],
      [1, color, 0],
    ]),
  )
  pen.stroke(curve, 0.9, color)
  const [px, py] = points[5]!
  pen.fill(circle(px, py, 1.7), [1, 1, 1])
  pen.stroke(circle(px, py, 1.7), 0.7, color)
}
