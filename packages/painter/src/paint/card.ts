import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, ellipse, line, rect, ring, roundRect, star } from '../raster/path.ts'
import { has } from '../scene/read-scene.ts'
import { paintCake } from './food.ts'
import type { Stage } from './painter.ts'
import { pineShape } from './trees.ts'

/** A greeting: lanterns for the new year, a tree for Christmas, hearts, or balloons and cake. */
export function paintCard(stage: Stage): void {
  const { scene } = stage
  if (has(scene, 'festival', 'lantern')) paintFestival(stage)
  else if (has(scene, 'christmas')) paintChristmas(stage)
  else paintParty(stage)
}

const BRIGHT = ['#ef5f6c', '#f7a53b', '#4fb6c0', '#8a6fd1', '#f58fb0', '#f7cf57'].map(hex)

function paintParty(stage: Stage): void {
  const { pen, random, width, height, studio, scene, transparent } = stage
  const love = has(scene, 'valentine', 'heart')
  const ground = love
    ? hex('#fbdad9')
    : mix(studio.ground, random.pick([hex('#fbe4d3'), hex('#d9ecf2'), hex('#fde6ea')]), 0.6)
  const floor = height * 0.5 + Math.min(36, height * 0.3)
  if (!transparent) {
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
  const reach = Math.min(width * 0.42, 52)
  const places = [
    [-1, 0.62, 1],
    [-0.66, 0.3, 0.86],
    [-0.98, 0.12, 0.7],
    [0.98, 0.58, 0.96],
    [0.68, 0.26, 0.9],
    [1.05, 0.08, 0.68],
  ] as const
  const colors = love ? ['#e2485f', '#f58fa0', '#f7b7bd'].map(hex) : BRIGHT
  for (const [i, [dx, dy, s]] of places.entries()) {
    paintBalloon(
      stage,
      width / 2 + dx * reach + random.range(-2, 2),
      15 + dy * (floor - 42) + random.range(-3, 3),
      s * 1.12,
      colors[i % colors.length]!,
      width / 2 + dx * reach * 0.42,
      floor + 2,
      love,
    )
  }
  pen.soft(ellipse(width / 2, floor + 2, 34, 3.4), 2.4, darken(studio.main, 0.7), { opacity: 0.3 })
  for (const side of [-1, 1]) {
    paintGift(
      stage,
      width / 2 + side * Math.min(38, width * 0.36),
      floor + 7,
      side > 0 ? 1 : 0.82,
      colors[side > 0 ? 2 % colors.length : 1]!,
      hex('#fff3dc'),
    )
  }
  pen.at({ x: width / 2, y: floor + 4, scale: 0.88 }, () =>
    paintCake(
      pen,
      love ? hex('#f6a3ad') : random.pick(['#f3a0b4', '#f7c78a', '#a8d6cf'].map(hex)),
      hex('#e4566b'),
    ),
  )
}

function paintBalloon(
  { pen }: Stage,
  x: number,
  y: number,
  s: number,
  color: Color,
  tieX: number,
  tieY: number,
  heart: boolean,
): void {
  pen.stroke(
    `M${x} ${y + 14 * s}C${x - 4} ${y + 26 * s} ${tieX + 4} ${tieY - 24} ${tieX} ${tieY}`,
    0.3,
    darken(color, 0.5),
    { opacity: 0.7 },
  )
  pen.at({ x, y, scale: s }, () => {
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

function paintGift(
  { pen }: Stage,
  x: number,
  y: number,
  scale: number,
  color: Color,
  ribbon: Color,
): void {
  pen.soft(ellipse(x, y, 12 * scale, 1.8 * scale), 1.4, darken(color, 0.9), { opacity: 0.3 })
  pen.at({ x, y, scale }, () => {
    pen.fill(
      rect(-10, -15, 20, 15),
      linear(-10, 0, 10, 0, [
        [0, lighten(color, 0.14)],
        [1, darken(color, 0.26)],
      ]),
    )
    pen.fill(
      roundRect(-11.4, -19, 22.8, 5, 0.8),
      linear(-11, 0, 11, 0, [
        [0, lighten(color, 0.26)],
        [1, darken(color, 0.1)],
      ]),
    )
    pen.fill(rect(-1.8, -19, 3.6, 19), ribbon)
    for (const side of [-1, 1]) {
      pen.fill(
        `M0 -19C${side * 3} -27 ${side * 10} -27 ${side * 9} -22.6C${side * 8} -19.4 ${side * 4} -18.8 0 -19Z`,
        side < 0 ? ribbon : darken(ribbon, 0.14),
      )
    }
  })
}

function paintFestival(stage: Stage): void {
  const { pen, random, width, height, transparent } = stage
  const red = hex('#c4261d')
  const gold = hex('#f3c766')
  if (!transparent) {
    pen.fill(
      rect(-1, -1, width + 2, height + 2),
      radial(width / 2, height * 0.42, Math.max(width, height) * 0.72, [
        [0, hex('#e2402c')],
        [0.6, red],
        [1, hex('#8e1418')],
      ]),
    )
    paintClouds(stage, gold)
    const r = Math.min(30, height * 0.3)
    pen.fill(
      circle(width / 2, height * 0.47, r),
      radial(width / 2, height * 0.47, r, [
        [0, hex('#ffedb8')],
        [1, hex('#f2b64e')],
      ]),
    )
    pen.fill(
      circle(width / 2, height * 0.47, r * 1.9),
      radial(width / 2, height * 0.47, r * 1.9, [
        [0.4, hex('#ffd98a'), 0.42],
        [1, hex('#ffd98a'), 0],
      ]),
      { mode: 'screen' },
    )
    pen.fill(ring(width / 2, height * 0.47, r * 1.1, r * 1.06), gold)
    for (const side of [-1, 1]) paintBranch(stage, side, gold)
  }
  paintLantern(stage, width / 2, 2, height * 0.47 - 14, 1.25, red, gold)
  const span = Math.min(width * 0.4, 62)
  for (const [dx, drop, s] of [
    [-0.62, 0.3, 0.78],
    [0.62, 0.34, 0.78],
    [-1.08, 0.16, 0.58],
    [1.08, 0.2, 0.58],
  ] as const) {
    paintLantern(stage, width / 2 + dx * span, 0, height * drop - 6, s, red, gold)
  }
  for (let i = 0; i < 34; i++) {
    pen.fill(
      circle(random.range(0, width), random.range(0, height), random.range(0.2, 0.7)),
      gold,
      { opacity: random.range(0.3, 0.9) },
    )
  }
}

function paintLantern(
  { pen }: Stage,
  x: number,
  top: number,
  y: number,
  s: number,
  red: Color,
  gold: Color,
): void {
  pen.stroke(
    line([
      [x, top - 3],
      [x, y],
    ]),
    0.4,
    gold,
  )
  pen.at({ x, y: y + 12 * s, scale: s }, () => {
    pen.fill(
      circle(0, 0, 24),
      radial(0, 0, 24, [
        [0, hex('#ffb24d'), 0.55],
        [1, hex('#ffb24d'), 0],
      ]),
      { mode: 'screen' },
    )
    pen.fill(
      ellipse(0, 0, 14, 11),
      radial(0, 1, 15, [
        [0, hex('#ff8a4a')],
        [0.5, lighten(red, 0.06)],
        [1, darken(red, 0.35)],
      ]),
    )
    for (const rx of [4.4, 9.4]) pen.stroke(ellipse(0, 0, rx, 11), 0.35, gold, { opacity: 0.75 })
    pen.stroke(
      line([
        [0, -11],
        [0, 11],
      ]),
      0.35,
      gold,
      { opacity: 0.75 },
    )
    pen.fill(
      roundRect(-6, -12.6, 12, 3, 0.9),
      linear(-6, 0, 6, 0, [
        [0, lighten(gold, 0.4)],
        [1, darken(gold, 0.25)],
      ]),
    )
    pen.fill(
      roundRect(-6, 9.6, 12, 3, 0.9),
      linear(-6, 0, 6, 0, [
        [0, lighten(gold, 0.4)],
        [1, darken(gold, 0.25)],
      ]),
    )
    for (let i = -2; i <= 2; i++) {
      pen.stroke(
        line([
          [i * 1.3, 12.6],
          [i * 1.5, 23 - Math.abs(i)],
        ]),
        0.6,
        i % 2 === 0 ? gold : hex('#e8523c'),
      )
    }
    pen.fill(circle(0, 14, 1.6), gold)
  })
}

function paintClouds({ pen, width, height, random }: Stage, gold: Color): void {
  for (let row = 0; row < 3; row++) {
    const y = height - 14 + row * 6
    for (let x = -8 - row * 5; x < width + 12; x += 15) {
      const r = 9 + random.range(-0.6, 0.6)
      for (const [k, color] of [
        [1, darken(hex('#c4261d'), 0.2 + row * 0.08)],
        [0.9, gold],
        [0.84, darken(hex('#c4261d'), 0.2 + row * 0.08)],
        [0.56, gold],
        [0.5, darken(hex('#c4261d'), 0.2 + row * 0.08)],
        [0.24, gold],
      ] as const) {
        pen.fill(circle(x, y + 8, r * k), color, { opacity: k === 1 || color !== gold ? 1 : 0.8 })
      }
    }
  }
}

function paintBranch({ pen, random, width, height }: Stage, side: number, gold: Color): void {
  const at = (d: number): number => (side > 0 ? width - d : d)
  const wood = hex('#5a1a1a')
  pen.stroke(
    `M${at(-3)} ${height * 0.9}C${at(8)} ${height * 0.8} ${at(10)} ${height * 0.66} ${at(24)} ${height * 0.6}`,
    1.5,
    wood,
  )
  pen.stroke(
    `M${at(9)} ${height * 0.74}C${at(8)} ${height * 0.64} ${at(14)} ${height * 0.56} ${at(13)} ${height * 0.48}`,
    0.9,
    wood,
  )
  for (let i = 0; i < 11; i++) {
    const t = random.next()
    const [x, y] =
      i % 2 === 0
        ? [at(4 + t * 20), height * (0.83 - t * 0.23)]
        : [at(9 + t * 5), height * (0.72 - t * 0.24)]
    const s = random.range(0.7, 1.25)
    for (let k = 0; k < 5; k++) {
      pen.at({ x: x + random.range(-1, 1), y, scale: s, turn: k / 5 }, () =>
        pen.fill(circle(0, -1.5, 1.4), k % 2 === 0 ? hex('#ffd3d0') : hex('#ffb3b3')),
      )
    }
    pen.fill(circle(x, y, 0.7 * s), gold)
  }
}

function paintChristmas(stage: Stage): void {
  const { pen, random, width, height, transparent } = stage
  const floor = height * 0.86
  if (!transparent) {
    pen.fill(
      rect(-1, -1, width + 2, height + 2),
      radial(width / 2, height * 0.5, Math.max(width, height) * 0.7, [
        [0, hex('#2f6a72')],
        [1, hex('#123040')],
      ]),
    )
    for (let x = -4; x < width + 4; x += 7) {
      pen.fill(pineShape(x, floor + 2, random.range(14, 30), random), hex('#1d4a54'))
    }
    pen.fill(
      `M-2 ${floor}Q${width / 2} ${floor - 9} ${width + 2} ${floor}V${height + 2}H-2Z`,
      linear(0, floor - 8, 0, height, [
        [0, hex('#f6fbff')],
        [1, hex('#bcd3e2')],
      ]),
    )
    for (let i = 0; i < (width * height) / 70; i++) {
      pen.fill(
        circle(random.range(0, width), random.range(0, height), random.range(0.2, 0.7)),
        [1, 1, 1],
        { opacity: random.range(0.3, 0.9) },
      )
    }
  }
  const h = Math.min(72, height * 0.7)
  const x = width / 2
  const green = hex('#2f8a5f')
  pen.fill(rect(x - 3, floor - 6, 6, 8), hex('#6b4630'))
  for (let i = 0; i < 4; i++) {
    const [top, w, low] = [
      floor - h + i * h * 0.2,
      h * (0.15 + i * 0.085),
      floor - h + (i + 1) * h * 0.24 + 2,
    ]
    pen.fill(
      `M${x} ${top}C${x + w * 0.4} ${(top + low) / 2} ${x + w * 0.8} ${low - 2} ${x + w} ${low}Q${x} ${low + 5} ${x - w} ${low}C${x - w * 0.8} ${low - 2} ${x - w * 0.4} ${(top + low) / 2} ${x} ${top}Z`,
      linear(x - w, 0, x + w, 0, [
        [0, lighten(green, 0.18)],
        [1, darken(green, 0.4)],
      ]),
    )
    for (let k = 0; k < 2 + i; k++) {
      const bx = x - w * 0.7 + ((k + 0.5) / (2 + i)) * w * 1.4
      pen.fill(
        circle(bx, low - 1.4, 1.6),
        radial(bx - 0.5, low - 2, 2.2, [
          [0, [1, 1, 1]],
          [0.5, BRIGHT[(k + i) % 6]!],
          [1, darken(BRIGHT[(k + i) % 6]!, 0.3)],
        ]),
      )
    }
  }
  pen.fill(
    circle(x, floor - h, 16),
    radial(x, floor - h, 16, [
      [0, hex('#ffe9a0'), 0.8],
      [1, hex('#ffe9a0'), 0],
    ]),
    { mode: 'screen' },
  )
  pen.fill(star(x, floor - h, 5, 5, 2.2), hex('#ffd766'))
  for (const [dx, s, i] of [
    [-20, 1, 0],
    [-9, 0.7, 2],
    [15, 0.95, 3],
  ] as const) {
    paintGift(stage, x + dx, floor + 6, s, BRIGHT[i]!, hex('#fff3dc'))
  }
}
