import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { circle, join, smooth } from '../raster/path.ts'
import type { Point } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import type { Stage } from './painter.ts'

/** Something that grows on the reef, from its foot. */
interface Coral {
  x: number
  /** Height of the sand. */
  top: number
  h: number
  color: Color
}

/** A row of corals. */
interface Reef {
  /** Height of the sand. */
  top: number
  /** 0 near to 1 far. */
  depth: number
  /** Colours of the water, deep and shallow. */
  deep: Color
  haze: Color
}

/** Paints one row of corals on sand. */
export function paintReef(stage: Stage, { top, depth, deep, haze }: Reef): void {
  const { pen, random, width, height } = stage
  const colors = ['#f0687f', '#f5a04f', '#b565c9', '#5fc7a8', '#f7cf63'].map((c) =>
    mix(hex(c), mix(haze, deep, 0.65), 0.25 + depth),
  )
  const sand = mix(hex('#d9c79a'), mix(haze, deep, 0.7), 0.45 + depth * 0.5)
  const points: Point[] = []
  for (let i = -1; i <= 7; i++) points.push([(i / 6) * width, top + random.range(-3, 3)])
  for (let i = 0; i < width / 9; i++) {
    const [x, h, color] = [
      random.range(0, width),
      random.range(7, 20) * (1.15 - depth),
      random.pick(colors),
    ]
    if (Math.abs(x - width / 2) < 16 && depth === 0) continue
    const green = mix(hex('#3f9a78'), deep, 0.3 + depth * 0.5)
    if (i % 3 === 0) paintFan(pen, { x, top, h, color })
    else if (i % 3 === 1) paintWeed(pen, { x, top, h, color: green })
    else paintBoulder(pen, { x, top, h, color })
  }
  pen.fill(
    join(smooth(points, false), [1, width * 1.2, height + 4, 1, -width * 0.2, height + 4, 4]),
    linear(0, top - 3, 0, height, [
      [0, lighten(sand, 0.1)],
      [1, darken(sand, 0.4)],
    ]),
  )
}

function paintFan(pen: Pen, { x, top, h, color }: Coral): void {
  for (let k = -2; k <= 2; k++) {
    pen.stroke(
      smooth(
        [
          [x, top + 4],
          [x + k * h * 0.12, top - h * 0.5],
          [x + k * h * 0.3, top - h * (1 - Math.abs(k) * 0.12)],
        ],
        false,
      ),
      h * 0.09,
      color,
    )
  }
}

function paintWeed(pen: Pen, { x, top, h, color }: Coral): void {
  pen.stroke(
    smooth(
      [
        [x, top + 5],
        [x + 2, top - h * 0.4],
        [x - 2, top - h * 0.9],
        [x + 1.5, top - h * 1.4],
      ],
      false,
    ),
    h * 0.1,
    color,
  )
}

function paintBoulder(pen: Pen, { x, top, h, color }: Coral): void {
  pen.fill(
    join(
      circle(x, top, h * 0.4),
      circle(x + h * 0.4, top + 1, h * 0.3),
      circle(x - h * 0.4, top + 1, h * 0.32),
    ),
    linear(0, top - h * 0.4, 0, top + 4, [
      [0, lighten(color, 0.14)],
      [1, darken(color, 0.3)],
    ]),
  )
}
