import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, ellipse, rect, star } from '../raster/path.ts'
import { has } from '../scene/read-scene.ts'
import { paintCake } from './food.ts'
import { paintGift } from './gift.ts'
import type { Stage } from './painter.ts'
import { BRIGHT } from './party-colors.ts'

/** Paints balloons, gifts and a cake; hearts if the prompt is about love. */
export function paintParty(stage: Stage): void {
  const { pen, random, width, height, studio, scene, transparent } = stage
  const love = has(scene, 'valentine', 'heart')
  const ground = love
    ? hex('#fbdad9')
    : mix(studio.ground, random.pick([hex('#fbe4d3'), hex('#d9ecf2'), hex('#fde6ea')]), 0.6)
  const floor = height * 0.5 + Math.min(36, height * 0.3)
  if (!transparent) paintBackdrop(stage, ground, floor)
  const colors = love ? ['#e2485f', '#f58fa0', '#f7b7bd'].map(hex) : BRIGHT
  paintBalloons(stage, { floor, colors, love })
  pen.soft(ellipse(width / 2, floor + 2, 34, 3.4), 2.4, darken(studio.main, 0.7), { opacity: 0.3 })
  for (const side of [-1, 1]) {
    paintGift(stage, {
      x: width / 2 + side * Math.min(38, width * 0.36),
      y: floor + 7,
      scale: side > 0 ? 1 : 0.82,
      color: colors[side > 0 ? 2 % colors.length : 1]!,
      ribbon: hex('#fff3dc'),
    })
  }
  pen.at({ x: width / 2, y: floor + 4, scale: 0.88 }, () =>
    paintCake(
      pen,
      love ? hex('#f6a3ad') : random.pick(['#f3a0b4', '#f7c78a', '#a8d6cf'].map(hex)),
      hex('#e4566b'),
    ),
  )
}

function paintBackdrop(stage: Stage, ground: Color, floor: number): void {
  const { pen, width, height, studio } = stage
  pen.fill(
    rect(-1, -1, width + 2, height + 2),
    radial(width / 2, height * 0.44, Math.max(width, height) * 0.7, [
      [0, lighten(ground, 0.7)],
      [1, darken(ground, 0.06)],
    ]),
  )
  for (let i = 0; i < 20; i++) {
    pen.at({ x: width / 2, y: height * 0.44, turn: i / 20 }, () =>
      pen.fill('M0 0L-9 -170H9Z', [1, 1, 1], { opacity: 0.2 }),
    )
  }
  pen.fill(
    ellipse(width / 2, height + 18, width * 0.75, height - floor + 26),
    linear(0, floor, 0, height, [
      [0, lighten(mix(ground, studio.main, 0.3), 0.2)],
      [1, mix(ground, studio.main, 0.42)],
    ]),
  )
  paintBunting(stage)
  paintConfetti(stage)
}

function paintBalloons(
  stage: Stage,
  { floor, colors, love }: { floor: number; colors: readonly Color[]; love: boolean },
): void {
  const { width, random } = stage
  const reach = Math.min(width * 0.42, 52)
  const places = [
    [-1, 0.62, 1],
    [-0.66, 0.3, 0.86],
    [-0.98, 0.12, 0.7],
    [0.98, 0.58, 0.96],
    [0.68, 0.26, 0.9],
    [1.05, 0.08, 0.68],
  ] as const
  for (const [i, [dx, dy, scale]] of places.entries()) {
    paintBalloon(stage, {
      x: width / 2 + dx * reach + random.range(-2, 2),
      y: 15 + dy * (floor - 42) + random.range(-3, 3),
      scale: scale * 1.12,
      color: colors[i % colors.length]!,
      tieX: width / 2 + dx * reach * 0.42,
      tieY: floor + 2,
      heart: love,
    })
  }
}

/** A balloon about (x, y), 27 `scale` units high, on a string to (tieX, tieY). */
interface Balloon {
  x: number
  y: number
  scale: number
  color: Color
  tieX: number
  tieY: number
  heart: boolean
}

function paintBalloon({ pen }: Stage, { x, y, scale, color, tieX, tieY, heart }: Balloon): void {
  pen.stroke(
    `M${x} ${y + 14 * scale}C${x - 4} ${y + 26 * scale} ${tieX + 4} ${tieY - 24} ${tieX} ${tieY}`,
    0.3,
    darken(color, 0.5),
    { opacity: 0.7 },
  )
  pen.at({ x, y, scale }, () => {
    const body = heart
      ? 'M0 13C-17 1 -13 -12 -6 -12C-2.6 -12 0 -9 0 -7C0 -9 2.6 -12 6 -12C13 -12 17 1 0 13Z'
      : 'M0 13.4C-6 12 -11 5 -11 -2C-11 -9 -6 -13.6 0 -13.6C6 -13.6 11 -9 11 -2C11 5 6 12 0 13.4Z'
    pen.fill('M0 12L-1.8 15.4H1.8Z', darken(color, 0.25))
    pen.fill(
      body,
      radial(-3.6, -6, 20, [
        [0, lighten(color, 0.5)],
        [0.4, color],
        [1, darken(color, 0.4)],
      ]),
    )
    pen.at({ x: -4.6, y: -7, turn: 0.1 }, () =>
      pen.fill(ellipse(0, 0, 1.7, 3.4), [1, 1, 1], { opacity: 0.6 }),
    )
  })
}

function paintBunting({ pen, width }: Stage): void {
  const swags = Math.max(2, Math.round(width / 50))
  const w = width / swags
  for (let i = 0; i < swags; i++) {
    pen.stroke(`M${i * w} 2Q${(i + 0.5) * w} 15 ${(i + 1) * w} 2`, 0.4, hex('#8a6a5c'))
    for (let k = 0; k < 6; k++) {
      const t = (k + 0.5) / 6
      const [x, y] = [(i + t) * w, 2 + 26 * t * (1 - t)]
      pen.fill(`M${x - 2.6} ${y}H${x + 2.6}L${x} ${y + 6}Z`, BRIGHT[(i * 6 + k) % BRIGHT.length]!)
    }
  }
}

function paintConfetti({ pen, random, width, height }: Stage): void {
  for (let i = 0; i < (width * height) / 130; i++) {
    pen.at(
      {
        x: random.range(0, width),
        y: random.range(0, height * 0.92),
        turn: random.next(),
        scale: random.range(0.5, 1.1),
      },
      () => {
        const kind = i % 4
        const color = random.pick(BRIGHT)
        if (kind === 0) pen.fill(circle(0, 0, 0.8), color)
        else if (kind === 1) pen.fill(rect(-1, -0.5, 2, 1), color)
        else if (kind === 2) pen.fill(star(0, 0, 5, 1.5, 0.66), color)
        else pen.stroke('M-2 0q1 -1.6 2 0q1 1.6 2 0', 0.5, color)
      },
    )
  }
}
