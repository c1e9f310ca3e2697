import { darken } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { circle, ellipse, join, polygon, rect } from '../raster/path.ts'
import type { Stage } from './painter.ts'

/** Paints a map and the two paws that hold it. */
export function paintMap({ pen }: Stage, shade: (color: string) => Color): void {
  const paper = shade('#f7ebcf')
  const folds = [
    [-15, -11],
    [-7.5, -13],
    [0, -11],
    [7.5, -13],
    [15, -11],
  ] as const
  folds.slice(0, -1).forEach(([x, y], i) => {
    const [nx, ny] = folds[i + 1]!
    pen.fill(
      polygon([
        [x, y - 9],
        [nx, ny - 9],
        [nx, ny + 8],
        [x, y + 8],
      ]),
      i % 2 === 0 ? paper : darken(paper, 0.14),
    )
  })
  pen.clip(
    polygon([
      ...folds.map(([x, y]) => [x, y - 9] as const),
      ...folds.toReversed().map(([x, y]) => [x, y + 8] as const),
    ]),
    () => {
      pen.fill('M-16 -6C-9 -10 -6 -2 0 -5C5 -8 9 -2 16 -6V0H-16Z', shade('#8fc2c9'), {
        opacity: 0.8,
      })
      pen.fill(join(circle(-9, -16, 3.4), circle(9, -15, 2.6)), shade('#a9c48c'), { opacity: 0.85 })
      for (const [x, y] of [
        [-11, -9],
        [-8, -11],
        [-5, -13],
        [-2, -14],
        [1.4, -16],
      ] as const) {
        pen.fill(rect(x, y, 1.7, 0.7), shade('#c2543f'))
      }
      pen.stroke('M4 -18L7 -15M7 -18L4 -15', 0.9, shade('#c2392f'))
    },
  )
  for (const side of [-1, 1]) pen.fill(ellipse(side * 15, -10.5, 2.9, 3.6), shade('#5a3128'))
}
