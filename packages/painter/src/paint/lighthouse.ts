import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, ellipse, join, line, polygon, rect, roundRect } from '../raster/path.ts'
import type { Path } from '../raster/path.ts'
import type { Random } from '../raster/random.ts'
import { tone } from './painter.ts'
import type { Stage } from './painter.ts'

/** A lighthouse standing at (x, y), about 58 `scale` units high, lit from `sun` (1 right, -1 left). */
export function paintLighthouse(
  stage: Stage,
  x: number,
  y: number,
  scale: number,
  sun: number,
  band: Color,
): void {
  const { pen, light, random } = stage
  const white = tone(stage, hex('#fbf4ea'))
  const red = tone(stage, band)
  const dark = mix(tone(stage, hex('#2c3142')), light.near, 0.4)
  const low = light.time !== 'day' && light.time !== 'golden'
  const stripes = random.int(2, 3)
  pen.at({ x, y, scale }, () => {
    if (low) paintBeams(stage)
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
    if (low) {
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
  })
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

/** A small gabled house standing at (x, y), `w` units wide. */
export function paintCabin(
  stage: Stage,
  x: number,
  y: number,
  w: number,
  wall: Color,
  roof: Color,
): void {
  const { pen, light } = stage
  const h = w * 0.52
  const body = tone(stage, wall)
  const top = tone(stage, roof)
  const glass = light.time === 'day' ? tone(stage, hex('#6c8ea3')) : light.lamp
  pen.fill(
    rect(x - w / 2, y - h, w, h),
    linear(x - w / 2, 0, x + w / 2, 0, [
      [0, darken(body, 0.35)],
      [1, body],
    ]),
  )
  pen.fill(rect(x + w * 0.26, y - h * 2.05, w * 0.1, h * 0.7), darken(body, 0.45))
  pen.fill(
    polygon([
      [x - w * 0.6, y - h * 0.95],
      [x - w * 0.36, y - h * 1.75],
      [x + w * 0.36, y - h * 1.75],
      [x + w * 0.6, y - h * 0.95],
    ]),
    linear(0, y - h * 1.8, 0, y - h, [
      [0, lighten(top, 0.12)],
      [1, darken(top, 0.2)],
    ]),
  )
  for (const wx of [-0.3, 0.12]) {
    pen.fill(rect(x + w * wx, y - h * 0.72, w * 0.16, h * 0.36), glass)
    pen.stroke(
      line([
        [x + w * (wx + 0.08), y - h * 0.72],
        [x + w * (wx + 0.08), y - h * 0.36],
      ]),
      w * 0.012,
      darken(body, 0.6),
    )
  }
  pen.fill(rect(x - w * 0.08, y - h * 0.66, w * 0.15, h * 0.66), darken(top, 0.5))
  if (light.time !== 'day') {
    pen.fill(
      ellipse(x, y - h * 0.5, w * 1.2, w * 0.7),
      radial(x, y - h * 0.5, w * 0.9, [
        [0, light.lamp, 0.3],
        [1, light.lamp, 0],
      ]),
      { mode: 'screen' },
    )
  }
}

/** One row of towers standing on `base`. `depth` 0 near to 1 far. */
export function paintTowers(
  stage: Stage,
  options: { base: number; low: number; high: number; depth: number; seed: string; neon: boolean },
): void {
  const { pen, light, width } = stage
  const { base, depth, neon } = options
  const random = stage.random.fork(options.seed)
  const body = mix(
    tone(stage, mix(hex('#4a5878'), hex('#8a7f96'), random.next())),
    light.haze,
    depth * 0.55,
  )
  let x = -random.range(0, 6)
  while (x < width + 2) {
    const w = random.range(5.5, 12) * (1.12 - depth * 0.35)
    const centre = 1 - Math.abs((x + w / 2) / width - 0.5) * 1.3
    const h =
      (options.low + (options.high - options.low) * random.next() * random.range(0.55, 1)) *
      (0.55 + 0.5 * Math.max(0, centre))
    const tall = h > options.high * 0.62
    paintTower(stage, {
      x,
      w,
      h,
      base,
      depth,
      neon,
      color: mix(body, random.chance(0.5) ? light.near : light.haze, random.range(0, 0.16)),
      crowned: tall,
      random,
    })
    x += w + (random.chance(0.25) ? random.range(0.6, 3) : 0.15)
  }
  pen.fill(
    rect(-1, base - options.high * 0.5, width + 2, options.high * 0.5),
    linear(0, base - options.high * 0.5, 0, base, [
      [0, light.haze, 0],
      [1, mix(light.haze, light.glow, 0.25), 0.5 * depth + 0.08],
    ]),
  )
}

interface Tower {
  x: number
  w: number
  h: number
  base: number
  depth: number
  neon: boolean
  color: Color
  crowned: boolean
  random: Random
}

function paintTower(
  stage: Stage,
  { x, w, h, base, depth, neon, color, crowned, random }: Tower,
): void {
  const { pen, light } = stage
  const top = base - h
  const parts: Path[] = [rect(x, top, w, h + 1)]
  if (crowned) {
    const kind = random.int(0, 4)
    if (kind === 0) {
      parts.push(
        rect(x + w * 0.2, top - 3, w * 0.6, 3.2),
        rect(x + w * 0.46, top - 11, w * 0.08, 9),
      )
    }
    if (kind === 1) {
      parts.push(
        polygon([
          [x, top + 0.1],
          [x + w, top + 0.1],
          [x + w, top - w * 0.55],
        ]),
      )
    }
    if (kind === 2) {
      parts.push(
        polygon([
          [x, top + 0.1],
          [x + w / 2, top - w * 0.9],
          [x + w, top + 0.1],
        ]),
        rect(x + w * 0.47, top - w * 0.9 - 4, w * 0.06, 5),
      )
    }
    if (kind === 3) {
      parts.push(
        rect(x + w * 0.12, top - 2.4, w * 0.76, 2.6),
        rect(x + w * 0.28, top - 4.6, w * 0.44, 2.4),
      )
    }
  }
  const shape = join(...parts)
  pen.fill(
    shape,
    linear(0, top - 6, 0, base, [
      [0, light.dark ? color : mix(color, light.sky.at(-2)!, 0.12)],
      [1, mix(color, light.haze, 0.3)],
    ]),
  )
  pen.fill(rect(x, top, w * 0.32, h), light.glow, { opacity: light.dark ? 0.05 : 0.16 })
  const lit = light.dark ? random.range(0.25, 0.6) : light.time === 'day' ? 0 : 0.16
  const panes: Record<'warm' | 'cool' | 'dim', number[]> = { warm: [], cool: [], dim: [] }
  const across = Math.max(2, Math.floor(w / 1.7))
  const stepY = random.range(1.9, 2.6)
  for (let row = 0; top + 1.6 + row * stepY < base - 2; row++) {
    for (let i = 0; i < across; i++) {
      const pane = rect(
        x + 0.55 + (i * (w - 0.9)) / across,
        top + 1.4 + row * stepY,
        ((w - 0.9) / across) * 0.58,
        stepY * 0.52,
      )
      panes[
        random.chance(lit) ? (random.chance(neon ? 0.45 : 0.12) ? 'cool' : 'warm') : 'dim'
      ].push(...pane)
    }
  }
  const strong = 1 - depth * 0.55
  pen.fill(panes.dim, light.dark ? light.near : mix(light.sky[1]!, [1, 1, 1], 0.15), {
    opacity: (light.dark ? 0.3 : 0.34) * strong,
  })
  pen.fill(panes.warm, light.lamp, { opacity: 0.88 * strong })
  pen.fill(panes.cool, neon ? random.pick(NEON) : hex('#bfe6ff'), { opacity: 0.9 * strong })
  if (neon && depth < 0.5 && random.chance(0.6)) paintSign(stage, x, top, w, h, random)
}

/** Colours of neon tubes. */
export const NEON: readonly Color[] = ['#ff4fa3', '#3fe0ff', '#b56bff', '#ff8a4a', '#53ffc0'].map(
  hex,
)

function paintSign(
  { pen }: Stage,
  x: number,
  top: number,
  w: number,
  h: number,
  random: Random,
): void {
  const color = random.pick(NEON)
  const glow = (shape: Path): void => pen.soft(shape, 3.4, color, { mode: 'screen', opacity: 0.9 })
  if (random.chance(0.5)) {
    const board = roundRect(x + w * 0.68, top + h * 0.16, w * 0.22, Math.min(13, h * 0.4), 0.5)
    glow(board)
    pen.fill(board, color)
    for (let i = 0; i < 4; i++) {
      pen.fill(
        rect(x + w * 0.72, top + h * 0.16 + 1 + i * Math.min(2.9, h * 0.09), w * 0.14, 1.1),
        [1, 1, 1],
        { opacity: 0.75 },
      )
    }
  } else {
    const edge = join(rect(x, top, w, 0.5), rect(x, top, 0.4, h * 0.7))
    glow(edge)
    pen.fill(edge, lighten(color, 0.3))
  }
}
