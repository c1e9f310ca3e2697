import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, ellipse, line, polygon, rect, roundRect } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import { colorOf } from '../scene/read-scene.ts'
import { tone } from './painter.ts'
import type { Stage } from './painter.ts'
import type { View } from './view.ts'
import { sliver } from './water.ts'

/** A boat that floats at (x, y) and heads away from `sun` (1 right, -1 left). */
interface BoatOptions {
  x: number
  y: number
  scale: number
  sun: number
}

/** Paints a sailing boat that floats at (x, y), about 26 `scale` units high. */
export function paintBoat(stage: Stage, { x, y, scale, sun }: BoatOptions): void {
  const { pen, light, scene } = stage
  const hull = mix(
    tone(stage, hex(colorOf(scene, 'boat') ?? '#a8453a')),
    light.near,
    light.dark ? 0.3 : 0.08,
  )
  const sail = tone(stage, hex('#fff6e6'))
  paintBoatReflection(stage, { x, y, scale, hull, sail })
  pen.at({ x, y, scale, flip: sun < 0 }, () => {
    paintRigging(stage, hull, sail)
    if (light.dark) {
      pen.fill(
        circle(-8, -4.4, 5),
        radial(-8, -4.4, 5, [
          [0, light.lamp, 0.9],
          [0.2, light.lamp, 0.4],
          [1, light.lamp, 0],
        ]),
        { mode: 'screen' },
      )
    }
  })
}

/** A boat at (x, y) and the colours of its parts. */
interface Boat {
  x: number
  y: number
  scale: number
  hull: Color
  sail: Color
}

function paintBoatReflection({ pen, random }: Stage, { x, y, scale, hull, sail }: Boat): void {
  for (let i = 0; i < 7; i++) {
    pen.fill(
      sliver(
        x + random.range(-2, 2) * scale,
        y + (1 + i * 1.7) * scale,
        (17 - i * 1.8) * scale,
        0.5 * scale,
      ),
      i % 2 === 0 ? darken(hull, 0.3) : sail,
      { opacity: 0.4 - i * 0.045 },
    )
  }
}

/** Paints the mast, the sails and the hull. */
function paintRigging({ pen, light }: Stage, hull: Color, sail: Color): void {
  pen.stroke(
    line([
      [0, -2],
      [0, -26],
    ]),
    0.6,
    darken(hull, 0.6),
  )
  pen.fill(
    'M0.8 -25C6 -19 9.4 -11 10 -4.4Q5 -3.6 0.8 -4.2Z',
    linear(0, 0, 10, 0, [
      [0, mix(sail, light.glow, 0.25)],
      [1, lighten(sail, 0.1)],
    ]),
  )
  pen.fill('M-0.7 -22C-3.6 -16 -6.6 -9.6 -8 -4.6Q-4 -3.8 -0.7 -4.2Z', darken(sail, 0.2))
  pen.fill(
    'M-11 -3.4Q0 -1.6 12.4 -3.8Q10.6 1 7.6 1.2H-7C-9.4 0.6 -10.4 -1.4 -11 -3.4Z',
    linear(0, -3.6, 0, 1.2, [
      [0, hull],
      [1, darken(hull, 0.45)],
    ]),
  )
  pen.stroke('M-10.9 -3.2Q0 -1.4 12.2 -3.6', 0.45, lighten(hull, 0.5))
}

/** Paints a flock in the sky; `large` makes it larger. */
export function paintBirds(stage: Stage, view: View, large: boolean): void {
  const { pen, light, width } = stage
  const random = stage.random.fork('birds')
  const [cx, cy] = [
    width * 0.5 + view.sun * random.range(8, 20),
    view.horizon * random.range(0.3, 0.5),
  ]
  const color = mix(light.near, light.haze, large ? 0.05 : 0.3)
  for (let i = 0; i < (large ? 11 : 6); i++) {
    const size = random.range(0.7, 1.25) * (large ? 2.1 : 1)
    pen.at(
      {
        x: cx + random.range(-16, 16),
        y: cy + random.range(-8, 8),
        scale: size,
        turn: random.range(-0.04, 0.04),
        flip: random.chance(0.5),
      },
      () => {
        pen.fill(
          'M0 0C-0.7 -0.9 -1.7 -1.2 -2.9 -0.8C-1.9 -0.9 -0.9 -0.3 -0.3 0.5L0.2 0.5C0.8 -0.4 1.8 -0.9 3 -0.9C1.8 -1.3 0.7 -0.9 0 0Z',
          color,
        )
      },
    )
  }
}

/** Paints a hot-air balloon about (x, y), 30 `scale` units high. */
export function paintHotAirBalloon(stage: Stage, x: number, y: number, scale: number): void {
  const { pen, random, light, scene } = stage
  const named = colorOf(scene, 'airballoon', 'balloon')
  const [a, b] = (
    named !== null
      ? [named, '#fff3df']
      : random.pick([
          ['#e0533f', '#fbe3b8'],
          ['#2f7d8c', '#f6c667'],
          ['#d9527a', '#ffd9b0'],
          ['#f0a13c', '#fff1d6'],
        ])
  ).map((c) => tone(stage, hex(c), (1 - scale) * 0.4)) as [Color, Color]
  pen.at({ x, y, scale }, () => {
    paintEnvelope(pen, a, b)
    for (const wire of [-2.6, 2.6]) {
      pen.stroke(
        line([
          [wire, 15],
          [wire * 0.75, 20],
        ]),
        0.25,
        light.near,
      )
    }
    pen.fill(roundRect(-2.4, 19.6, 4.8, 3.6, 0.7), tone(stage, hex('#8a5a37')))
  })
}

/** Paints the envelope of a balloon in stripes of two colours. */
function paintEnvelope(pen: Pen, a: Color, b: Color): void {
  const envelope =
    'M0 -15C9.6 -15 14 -8.4 14 -2C14 5 7 10 3.4 15.4H-3.4C-7 10 -14 5 -14 -2C-14 -8.4 -9.6 -15 0 -15Z'
  pen.fill(envelope, a)
  pen.clip(envelope, () => {
    pen.fill(
      'M0 -15C-6 -14 -8.4 -6 -8.4 -2C-8.4 5 -4.6 10 -2 15.4H-4C-8 10 -16 5 -14.4 -2C-14 -9 -9 -14 0 -15Z',
      b,
    )
    pen.fill(
      'M0 -15C3.4 -13 4.4 -7 4.4 -2C4.4 5 2.4 10 1.2 15.4H-1.2C-2.4 10 -4.4 5 -4.4 -2C-4.4 -7 -3.4 -13 0 -15Z',
      b,
    )
    pen.fill(
      'M0 -15C6 -14 8.4 -6 8.4 -2C8.4 5 4.6 10 2 15.4H4C8 10 16 5 14.4 -2C14 -9 9 -14 0 -15Z',
      b,
    )
    pen.fill(
      rect(-15, -16, 30, 33),
      linear(-13, -8, 13, 8, [
        [0, [1, 1, 1], 0.34],
        [0.45, [1, 1, 1], 0],
        [1, darken(a, 1), 0.5],
      ]),
    )
  })
}

/** Paints paper lanterns that rise into the sky. */
export function paintSkyLanterns({ pen, random, width, light }: Stage, horizon: number): void {
  for (let i = 0; i < 26; i++) {
    const t = random.next()
    const [x, y, s] = [
      random.range(2, width - 2),
      random.range(0.06, 0.94) * horizon,
      0.35 + t * t * 1.5,
    ]
    pen.fill(
      circle(x, y, s * 4.2),
      radial(x, y, s * 4.2, [
        [0, hex('#ffb24d'), 0.6],
        [1, light.lamp, 0],
      ]),
      { mode: 'screen' },
    )
    pen.at({ x, y, scale: s }, () =>
      pen.fill(
        'M-1.2 -1.8Q0 -2.5 1.2 -1.8L0.9 1.7H-0.9Z',
        linear(0, -2, 0, 1.7, [
          [0, hex('#f08b3a')],
          [1, hex('#ffe9a8')],
        ]),
      ),
    )
  }
}

/** Paints a walker seen from behind who stands at (x, y), `h` units high. */
export function paintFigure(stage: Stage, x: number, y: number, h: number): void {
  const { pen, light, studio } = stage
  const coat = mix(tone(stage, studio.main), light.near, 0.15)
  pen.fill(ellipse(x, y, h * 0.2, h * 0.03), light.near, { opacity: 0.4 })
  pen.at({ x, y, scale: h / 20 }, () => {
    pen.fill(
      polygon([
        [-2, -9],
        [2, -9],
        [1.9, 0],
        [0.5, 0],
        [0, -7],
        [-0.6, 0],
        [-2, 0],
      ]),
      mix(light.near, hex('#2c3352'), 0.5),
    )
    pen.fill(
      'M-2.8 -15.4Q0 -17 2.8 -15.4L3.3 -7.6H-3.3Z',
      linear(-3, 0, 3, 0, [
        [0, darken(coat, 0.4)],
        [1, lighten(coat, 0.12)],
      ]),
    )
    pen.fill(roundRect(-1.9, -14.8, 3.8, 5, 1), tone(stage, hex('#c98a4b')))
    pen.fill(circle(0, -17.8, 1.8), mix(hex('#3a2a2a'), light.near, 0.4))
  })
}
