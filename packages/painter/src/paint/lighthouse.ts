import { darken, hex, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, line, polygon, rect } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import { tone } from './painter.ts'
import type { Stage } from './painter.ts'

/** A lighthouse that stands at (x, y), about 58 `scale` units high. */
interface LighthouseOptions {
  x: number
  y: number
  scale: number
  /** Side of the light: 1 right, -1 left. */
  sun: number
  /** Colour of the bands and the roof. */
  band: Color
}

/** Colours of the parts in the light of the scene. */
interface Tones {
  white: Color
  red: Color
  dark: Color
}

/** Paints a lighthouse; its lamp is lit except by day and in the golden hour. */
export function paintLighthouse(stage: Stage, { x, y, scale, sun, band }: LighthouseOptions): void {
  const { pen, light, random } = stage
  const tones: Tones = {
    white: tone(stage, hex('#fbf4ea')),
    red: tone(stage, band),
    dark: mix(tone(stage, hex('#2c3142')), light.near, 0.4),
  }
  const low = light.time !== 'day' && light.time !== 'golden'
  const stripes = random.int(2, 3)
  pen.at({ x, y, scale }, () => {
    if (low) paintBeams(stage)
    paintTower(stage, tones, { sun, stripes })
    paintOpenings(stage, tones.dark)
    paintGallery(pen, tones.dark)
    paintLanternRoom(stage, tones.dark, { sun, low })
    paintRoof(stage, tones, sun)
    if (low) paintGlow(stage)
  })
}

function paintTower(
  { pen, light }: Stage,
  { white, red, dark }: Tones,
  { sun, stripes }: { sun: number; stripes: number },
): void {
  const tower = 'M-6.4 0.6C-5 -14 -4.4 -28 -4 -42H4C4.4 -28 5 -14 6.4 0.6Z'
  pen.fill(tower, white)
  pen.clip(tower, () => {
    const h = 42 / (stripes * 2 + 1)
    for (let i = 0; i < stripes; i++) {
      const top = -42 + h * (i * 2 + 1)
      pen.fill(
        `M-8 ${top}Q0 ${top + 1.6} 8 ${top}V${top + h}Q0 ${top + h + 1.6} -8 ${top + h}Z`,
        red,
      )
    }
    pen.fill(
      rect(-8, -43, 16, 45),
      linear(-6 * sun, 0, 6 * sun, 0, [
        [0, darken(white, 0.85), 0.62],
        [0.55, darken(white, 0.7), 0.12],
        [0.7, light.glow, 0.06],
        [1, light.glow, 0.45],
      ]),
    )
    pen.fill(rect(-8, -42, 16, 2.6), dark, { opacity: 0.3 })
  })
}

/** Paints two windows and the door. */
function paintOpenings({ pen, light }: Stage, dark: Color): void {
  for (const [wx, wy] of [
    [0.3, -33],
    [0.3, -15],
  ] as const) {
    pen.fill(
      `M${wx - 0.9} ${wy + 2.8}V${wy + 0.6}Q${wx} ${wy - 1} ${wx + 0.9} ${wy + 0.6}V${wy + 2.8}Z`,
      light.dark ? light.lamp : dark,
    )
  }
  pen.fill('M-1.7 0.4V-4.4Q0 -6.8 1.7 -4.4V0.4Z', dark)
}

/** Paints the gallery below the lantern room, with its railing. */
function paintGallery(pen: Pen, dark: Color): void {
  pen.fill(
    polygon([
      [-4.4, -42.2],
      [4.4, -42.2],
      [6, -44.2],
      [-6, -44.2],
    ]),
    dark,
  )
  for (let i = -3; i <= 3; i++) {
    pen.stroke(
      line([
        [i * 1.9, -44],
        [i * 1.9, -46.6],
      ]),
      0.28,
      dark,
    )
  }
  pen.stroke(
    line([
      [-6, -46.6],
      [6, -46.6],
    ]),
    0.36,
    dark,
  )
}

function paintLanternRoom(
  { pen, light }: Stage,
  dark: Color,
  { sun, low }: { sun: number; low: boolean },
): void {
  pen.fill(rect(-3.3, -51.4, 6.6, 7.4), mix(light.lamp, [1, 1, 1], low ? 0.35 : 0.15))
  pen.fill(
    rect(-3.3, -51.4, 6.6, 7.4),
    linear(-3.3 * sun, 0, 3.3 * sun, 0, [
      [0, dark, 0.4],
      [0.5, dark, 0],
    ]),
    { opacity: low ? 0.3 : 0.9 },
  )
  for (const bar of [-3.3, -1.1, 1.1, 3.3]) {
    pen.stroke(
      line([
        [bar, -44],
        [bar, -51.4],
      ]),
      0.35,
      dark,
    )
  }
}

function paintRoof({ pen, light }: Stage, { red, dark }: Tones, sun: number): void {
  pen.fill('M-4.4 -51.2C-3.8 -54.6 -1.4 -56.4 0 -56.6C1.4 -56.4 3.8 -54.6 4.4 -51.2Z', red)
  pen.fill(
    'M0 -56.6C1.4 -56.4 3.8 -54.6 4.4 -51.2H1.6C1.5 -53.6 0.9 -55.4 0 -56.6Z',
    sun > 0 ? light.glow : dark,
    { opacity: 0.35 },
  )
  pen.stroke(
    line([
      [0, -56.4],
      [0, -59.4],
    ]),
    0.4,
    dark,
  )
  pen.fill(circle(0, -57, 0.7), dark)
}

function paintGlow({ pen, light }: Stage): void {
  pen.fill(
    circle(0, -47.8, 16),
    radial(0, -47.8, 16, [
      [0, light.lamp, 0.85],
      [0.25, light.lamp, 0.3],
      [1, light.lamp, 0],
    ]),
    { mode: 'screen' },
  )
  pen.fill(circle(0, -47.8, 2.1), hex('#fffbea'))
}

function paintBeams({ pen, light, random }: Stage): void {
  const strength = light.dark ? 0.6 : 0.3
  const tilt = random.range(-6, 4)
  for (const side of [-1, 1]) {
    const far = side * 120
    const beam = polygon([
      [0, -48.4],
      [far, -48 - 13 + tilt * side],
      [far, -48 + 9 + tilt * side],
      [0, -47.2],
    ])
    pen.fill(
      beam,
      linear(0, 0, far, 0, [
        [0, light.lamp, strength],
        [0.45, light.lamp, strength * 0.35],
        [1, light.lamp, 0],
      ]),
      { mode: 'screen' },
    )
  }
}
