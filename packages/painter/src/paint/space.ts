import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { createFbm } from '../raster/noise.ts'
import { arc, circle, ellipse, line, polygon, rect, roundRect } from '../raster/path.ts'
import { colorOf, has } from '../scene/read-scene.ts'
import type { Stage } from './painter.ts'

const SETS = [
  ['#0b0d26', '#2a1b57', '#7a3f9c', '#e8788f', '#f2c08a'],
  ['#081426', '#12305a', '#2a7a9c', '#5fd0c4', '#f0b47a'],
  ['#120a24', '#3d1547', '#a8386a', '#f08a5c', '#e9d3a4'],
]

/** A planet before nebulae and stars, with a station or astronaut's view where named. */
export function paintSpace(stage: Stage): void {
  const { pen, random, width, height, scene } = stage
  const [deep, far, cloud, bright, body] = random.pick(SETS).map(hex) as [
    Color,
    Color,
    Color,
    Color,
    Color,
  ]
  const tint = hex(colorOf(scene, 'planet') ?? scene.colors[0] ?? '#000000')
  const planet = colorOf(scene, 'planet') === null && scene.colors.length === 0 ? body : tint
  pen.fill(
    rect(-1, -1, width + 2, height + 2),
    linear(0, 0, width * 0.5, height, [
      [0, deep],
      [0.6, far],
      [1, mix(far, cloud, 0.35)],
    ]),
  )
  paintNebula(stage, cloud, bright)
  for (let i = 0; i < (width * height) / 42; i++) {
    const r = random.chance(0.05) ? random.range(0.25, 0.42) : random.range(0.07, 0.19)
    pen.fill(circle(random.range(0, width), random.range(0, height), r), lighten(bright, 0.75), {
      opacity: random.range(0.3, 1),
    })
  }
  const side = random.chance(0.5) ? 1 : -1
  const r = Math.min(width, height) * 0.33
  const [x, y] = [width / 2 + side * Math.min(13, width * 0.1), height * 0.5 + r * 0.28]
  paintPlanet(stage, x, y, r, planet, bright, side)
  paintMoon(
    stage,
    x - side * r * 1.5,
    y + r * 0.5,
    r * 0.17,
    mix(planet, hex('#cfd6ea'), 0.6),
    side,
  )
  if (has(scene, 'station')) paintStation(stage, width / 2 - side * 19, height * 0.3, side)
}

function paintNebula({ pen, random, width, height }: Stage, cloud: Color, bright: Color): void {
  const noise = createFbm(random.int(0, 1e9), 4)
  const tilt = random.range(-0.5, 0.5)
  const strength = (x: number, y: number, lift: number): number => {
    const d = (y - height / 2 - (x - width / 2) * tilt) / 42
    return Math.max(0, noise(x * 0.026 + lift, y * 0.034) - 0.4 - d * d * 0.12)
  }
  pen.field([0, 0, width, height], 1.1, (x, y) => strength(x, y, 0) * 2.1, cloud, {
    mode: 'screen',
  })
  pen.field(
    [0, 0, width, height],
    1.1,
    (x, y) => strength(x, y, 40) * strength(x, y, 0) * 9,
    bright,
    { mode: 'screen' },
  )
}

function paintPlanet(
  { pen, random }: Stage,
  x: number,
  y: number,
  r: number,
  color: Color,
  glow: Color,
  side: number,
): void {
  const ringColor = mix(lighten(color, 0.4), glow, 0.25)
  const rings = (from: number, to: number): void => {
    pen.at({ x, y, turn: -0.05 * side, stretch: 0.26 }, () => {
      for (const [k, w, o] of [
        [1.92, 0.08, 0.35],
        [1.75, 0.2, 0.8],
        [1.53, 0.14, 0.55],
        [1.39, 0.05, 0.4],
      ] as const) {
        pen.stroke(arc(0, 0, r * k, from, to), r * w * 0.6, ringColor, { opacity: o })
      }
    })
  }
  pen.fill(
    circle(x, y, r * 1.5),
    radial(x, y, r * 1.5, [
      [0.6, glow, 0.45],
      [1, glow, 0],
    ]),
    { mode: 'screen' },
  )
  rings(0.5, 1)
  pen.fill(
    circle(x, y, r),
    linear(0, y - r, 0, y + r, [
      [0, lighten(color, 0.12)],
      [1, darken(color, 0.1)],
    ]),
  )
  pen.clip(circle(x, y, r), () => {
    for (let i = 0; i < 10; i++) {
      const by = y - r + (i + random.next()) * r * 0.2
      const h = r * random.range(0.03, 0.11)
      pen.at({ x, y: by, turn: -0.03 * side }, () =>
        pen.fill(
          `M${-r * 1.1} 0Q${-r * 0.4} ${-h * 1.4} 0 0Q${r * 0.5} ${h} ${r * 1.1} 0V${h * 1.6}Q${r * 0.4} ${h * 2.6} 0 ${h * 1.6}Q${-r * 0.5} ${h * 0.4} ${-r * 1.1} ${h * 1.6}Z`,
          i % 2 === 0 ? darken(color, 0.26) : lighten(color, 0.4),
          { opacity: 0.5 },
        ),
      )
    }
    pen.fill(
      circle(x, y, r * 1.01),
      radial(x - side * r * 0.55, y - r * 0.5, r * 1.7, [
        [0, [1, 1, 1], 0.3],
        [0.4, [1, 1, 1], 0],
        [0.55, hex('#0b0d26'), 0.1],
        [1, hex('#0b0d26'), 0.9],
      ]),
    )
  })
  rings(0, 0.5)
}

function paintMoon(
  { pen, random }: Stage,
  x: number,
  y: number,
  r: number,
  color: Color,
  side: number,
): void {
  pen.fill(circle(x, y, r), color)
  pen.clip(circle(x, y, r), () => {
    for (let i = 0; i < 6; i++) {
      pen.fill(
        circle(x + random.range(-r, r), y + random.range(-r, r), r * random.range(0.1, 0.24)),
        darken(color, 0.24),
      )
    }
    pen.fill(
      circle(x, y, r),
      radial(x - side * r * 0.5, y - r * 0.5, r * 1.7, [
        [0.2, hex('#0b0d26'), 0],
        [1, hex('#0b0d26'), 0.85],
      ]),
    )
  })
}

function paintStation({ pen }: Stage, x: number, y: number, side: number): void {
  const hull = hex('#dfe5ee')
  const dark = hex('#4a5878')
  pen.at({ x, y, scale: 1.15, turn: -0.045 * side, flip: side < 0 }, () => {
    for (const dir of [-1, 1]) {
      pen.fill(rect(dir < 0 ? -27 : 9, -0.5, 18, 1), dark)
      for (const [px, py] of [
        [12, -10.6],
        [12, 1.6],
        [22, -10.6],
        [22, 1.6],
      ] as const) {
        const left = dir < 0 ? -px - 8.6 : px
        pen.fill(
          rect(left, py, 8.6, 9),
          linear(left, py, left + 8.6, py + 9, [
            [0, hex('#7fa8e8')],
            [1, hex('#24407f')],
          ]),
        )
        for (let i = 1; i < 4; i++) {
          pen.stroke(
            line([
              [left, py + i * 2.25],
              [left + 8.6, py + i * 2.25],
            ]),
            0.18,
            hex('#bcd3f7'),
          )
        }
        pen.stroke(
          line([
            [left + 4.3, py],
            [left + 4.3, py + 9],
          ]),
          0.18,
          hex('#bcd3f7'),
        )
      }
    }
    pen.fill(
      roundRect(-10, -3.6, 20, 7.2, 3),
      linear(0, -3.6, 0, 3.6, [
        [0, lighten(hull, 0.8)],
        [0.5, hull],
        [1, dark],
      ]),
    )
    pen.fill(
      roundRect(-3.6, -13, 7.2, 26, 3.2),
      linear(-3.6, 0, 3.6, 0, [
        [0, lighten(hull, 0.8)],
        [0.5, hull],
        [1, dark],
      ]),
    )
    pen.fill(
      ellipse(0, 0, 6, 6),
      radial(-2, -2, 8, [
        [0, [1, 1, 1]],
        [0.6, hull],
        [1, dark],
      ]),
    )
    for (const wy of [-9, -6.4, 6.4, 9]) pen.fill(circle(0, wy, 0.75), hex('#ffd98a'))
    for (const wx of [-2.4, 0, 2.4]) pen.fill(circle(wx, 0, 0.85), hex('#ffd98a'))
    pen.stroke(
      line([
        [0, -13],
        [0, -17],
      ]),
      0.4,
      hull,
    )
    pen.fill(
      polygon([
        [-3, -19],
        [3, -19],
        [0.6, -16.4],
        [-0.6, -16.4],
      ]),
      hull,
    )
  })
}
