import { hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { join, polygon, rect, roundRect } from '../raster/path.ts'
import type { Path } from '../raster/path.ts'
import type { Random } from '../raster/random.ts'
import { tone } from './painter.ts'
import type { Stage } from './painter.ts'

/** Paints one row of towers that stand on `base`; `depth` is 0 near to 1 far. */
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

/** One tower of a skyline, from its left edge. */
interface Tower {
  x: number
  w: number
  h: number
  base: number
  /** 0 near to 1 far. */
  depth: number
  neon: boolean
  color: Color
  /** Whether something stands on its roof. */
  crowned: boolean
  random: Random
}

function paintTower(stage: Stage, tower: Tower): void {
  const { pen, light } = stage
  const { x, w, h, base, depth, neon, color, random } = tower
  const top = base - h
  const shape = join(rect(x, top, w, h + 1), ...createCrown(tower))
  pen.fill(
    shape,
    linear(0, top - 6, 0, base, [
      [0, light.dark ? color : mix(color, light.sky.at(-2)!, 0.12)],
      [1, mix(color, light.haze, 0.3)],
    ]),
  )
  pen.fill(rect(x, top, w * 0.32, h), light.glow, { opacity: light.dark ? 0.05 : 0.16 })
  paintPanes(stage, tower)
  if (neon && depth < 0.5 && random.chance(0.6)) paintSign(stage, tower)
}

/** Returns what is on the roof of a tall tower: a mast, a slant, a spire, terraces or nothing. */
function createCrown({ x, w, h, base, crowned, random }: Tower): readonly Path[] {
  if (!crowned) return []
  const top = base - h
  switch (random.int(0, 4)) {
    case 0:
      return [rect(x + w * 0.2, top - 3, w * 0.6, 3.2), rect(x + w * 0.46, top - 11, w * 0.08, 9)]
    case 1:
      return [
        polygon([
          [x, top + 0.1],
          [x + w, top + 0.1],
          [x + w, top - w * 0.55],
        ]),
      ]
    case 2:
      return [
        polygon([
          [x, top + 0.1],
          [x + w / 2, top - w * 0.9],
          [x + w, top + 0.1],
        ]),
        rect(x + w * 0.47, top - w * 0.9 - 4, w * 0.06, 5),
      ]
    case 3:
      return [
        rect(x + w * 0.12, top - 2.4, w * 0.76, 2.6),
        rect(x + w * 0.28, top - 4.6, w * 0.44, 2.4),
      ]
    default:
      return []
  }
}

function paintPanes({ pen, light }: Stage, { x, w, h, base, depth, neon, random }: Tower): void {
  const top = base - h
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
      const kind = random.chance(lit)
        ? random.chance(neon ? 0.45 : 0.12)
          ? 'cool'
          : 'warm'
        : 'dim'
      panes[kind].push(...pane)
    }
  }
  const strong = 1 - depth * 0.55
  pen.fill(panes.dim, light.dark ? light.near : mix(light.sky[1]!, [1, 1, 1], 0.15), {
    opacity: (light.dark ? 0.3 : 0.34) * strong,
  })
  pen.fill(panes.warm, light.lamp, { opacity: 0.88 * strong })
  pen.fill(panes.cool, neon ? random.pick(NEON) : hex('#bfe6ff'), { opacity: 0.9 * strong })
}

/** Colours of neon tubes. */
export const NEON: readonly Color[] = ['#ff4fa3', '#3fe0ff', '#b56bff', '#ff8a4a', '#53ffc0'].map(
  hex,
)

function paintSign({ pen }: Stage, { x, w, h, base, random }: Tower): void {
  const top = base - h
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
