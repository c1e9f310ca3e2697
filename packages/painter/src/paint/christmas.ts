import { darken, hex, lighten } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, rect, star } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import { paintGift } from './gift.ts'
import type { Stage } from './painter.ts'
import { BRIGHT } from './party-colors.ts'
import { pineShape } from './trees.ts'

/** Paints a Christmas tree with gifts on a snowy night. */
export function paintChristmas(stage: Stage): void {
  const { width, height, transparent } = stage
  const floor = height * 0.86
  if (!transparent) paintSnowyNight(stage, floor)
  paintTree(stage, floor)
  for (const [dx, s, i] of [
    [-20, 1, 0],
    [-9, 0.7, 2],
    [15, 0.95, 3],
  ] as const) {
    paintGift(stage, {
      x: width / 2 + dx,
      y: floor + 6,
      scale: s,
      color: BRIGHT[i]!,
      ribbon: hex('#fff3dc'),
    })
  }
}

function paintSnowyNight({ pen, random, width, height }: Stage, floor: number): void {
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

function paintTree({ pen, width, height }: Stage, floor: number): void {
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
    paintBaubles(pen, { x, w, low, i })
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
}

/** One tier of a Christmas tree, counted from the top. */
interface Tier {
  x: number
  /** Half of the width. */
  w: number
  /** Height of the lower edge. */
  low: number
  i: number
}

function paintBaubles(pen: Pen, { x, w, low, i }: Tier): void {
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
