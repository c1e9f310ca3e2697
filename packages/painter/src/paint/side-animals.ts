import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { circle, ellipse, line } from '../raster/path.ts'
import type { Noun } from '../scene/read-words.ts'
import type { AnimalOptions } from './animal-options.ts'
import { tone } from './painter.ts'
import type { Stage } from './painter.ts'

type Shade = (color: string) => Color

/** Paints a bird or a fish, 60 units high over the origin. */
export function paintSideAnimal(stage: Stage, name: Noun, options: AnimalOptions): void {
  const shade: Shade = (color) =>
    options.lit ? mix(tone(stage, hex(color)), hex(color), 0.3) : hex(color)
  const own = (color: string): Color => shade(options.color ?? color)
  if (name === 'flamingo') return paintFlamingo(stage, own('#f27d97'), shade)
  if (name === 'penguin') return paintPenguin(stage, own('#2c3650'), shade)
  if (name === 'owl') return paintOwl(stage, own('#9a6b45'), shade)
  if (name === 'fish' || name === 'whale') {
    return stage.pen.at({ x: 0, y: -26 }, () => paintFish(stage, own('#f08a3c'), 1.1))
  }
  paintSongbird(stage, own('#4f8fc4'), shade)
}

/** Paints a flamingo on one leg. */
export function paintFlamingo({ pen }: Stage, pink: Color, shade: Shade): void {
  const leg = darken(pink, 0.25)
  pen.stroke(
    line([
      [2, -24],
      [2.4, -12],
      [1.6, 0],
    ]),
    0.9,
    leg,
  )
  pen.stroke(
    line([
      [4, -24],
      [8.4, -16],
      [2.8, -12.6],
    ]),
    0.9,
    leg,
  )
  pen.fill(
    'M-14 -30C-12 -36 -4 -38 3 -37C11 -36 17 -31 19 -25C12 -21 2 -20 -5 -22C-10 -23.5 -14 -26 -14 -30Z',
    linear(0, -38, 0, -20, [
      [0, lighten(pink, 0.22)],
      [1, darken(pink, 0.12)],
    ]),
  )
  pen.stroke('M-9 -31C-18 -35 -17 -43 -11 -46C-5 -49 -6 -56 -11.4 -56.4', 3.2, pink)
  pen.fill(ellipse(-12.2, -56, 3.8, 3), pink)
  pen.fill(
    'M-14.6 -57.6C-18.4 -57.4 -20.4 -54.6 -20 -50.8C-17.6 -51.4 -15 -53 -14.2 -54.4Z',
    shade('#fff1e6'),
  )
  pen.fill(
    'M-19.4 -55C-20.2 -53.6 -20.4 -52 -20 -50.8C-18.6 -51.2 -17.4 -51.8 -16.6 -52.4Z',
    shade('#33293a'),
  )
  pen.fill(circle(-12.6, -56.8, 0.65), shade('#33293a'))
  pen.fill(
    'M-4 -33C4 -35 14 -31 21 -23C14 -22 6 -23 1 -26C-2 -28 -4 -30 -4 -33Z',
    darken(pink, 0.2),
  )
  pen.fill('M2 -29C9 -29 16 -26 21 -23C15 -22.4 8 -23 4 -25.4Z', darken(pink, 0.42))
}

function paintPenguin({ pen }: Stage, coat: Color, shade: Shade): void {
  for (const side of [-1, 1]) {
    pen.fill(ellipse(side * 6.5, -0.6, 5, 2), shade('#f0a03c'))
    pen.fill(
      `M${side * 13} -38C${side * 20} -30 ${side * 22} -20 ${side * 19} -13C${side * 16} -14 ${side * 14} -20 ${side * 13} -24Z`,
      darken(coat, 0.2),
    )
  }
  pen.fill(
    'M0 -58C10 -58 15 -50 15.5 -38C17 -26 18 -14 13 -5C9 0 -9 0 -13 -5C-18 -14 -17 -26 -15.5 -38C-15 -50 -10 -58 0 -58Z',
    linear(-16, 0, 16, 0, [
      [0, darken(coat, 0.25)],
      [1, lighten(coat, 0.14)],
    ]),
  )
  pen.fill(
    'M0 -45C3 -50 11 -50 11 -42C11 -37 10 -34 11.4 -26C13 -14 9 -3 0 -3C-9 -3 -13 -14 -11.4 -26C-10 -34 -11 -37 -11 -42C-11 -50 -3 -50 0 -45Z',
    shade('#fdf8ef'),
  )
  for (const side of [-1, 1]) {
    pen.fill(circle(side * 5.2, -43.6, 1.5), shade('#20222e'))
    pen.fill(circle(side * 5.2 + 0.5, -44.2, 0.5), [1, 1, 1])
    pen.fill(ellipse(side * 7.6, -40, 2, 1.3), shade('#f4a08c'), { opacity: 0.7 })
  }
  pen.fill('M-2.8 -41Q0 -43 2.8 -41Q0 -37.4 -2.8 -41Z', shade('#f0a03c'))
}

function paintOwl({ pen }: Stage, coat: Color, shade: Shade): void {
  pen.stroke(
    line([
      [-34, 0.6],
      [34, -0.6],
    ]),
    3.4,
    shade('#5d4335'),
  )
  pen.fill(
    'M0 -52C7 -52 11 -54 14.6 -58C16 -50 17.6 -42 17 -28C16.6 -12 10 -1 0 -1C-10 -1 -16.6 -12 -17 -28C-17.6 -42 -16 -50 -14.6 -58C-11 -54 -7 -52 0 -52Z',
    linear(-17, 0, 17, 0, [
      [0, darken(coat, 0.3)],
      [1, lighten(coat, 0.1)],
    ]),
  )
  pen.fill(ellipse(0, -17, 10.6, 14), lighten(coat, 0.5))
  for (let row = 0; row < 4; row++) {
    for (let i = -2; i <= 2; i++) {
      pen.fill(ellipse(i * 4 + (row % 2) * 2 - 1, -25 + row * 5, 1.1, 1.6), coat, {
        opacity: Math.abs(i * 4) < 9 ? 0.8 : 0,
      })
    }
  }
  for (const side of [-1, 1]) {
    pen.fill(
      `M${side * 16.6} -34C${side * 20} -24 ${side * 17} -10 ${side * 9} -4C${side * 12} -14 ${side * 13} -24 ${side * 16.6} -34Z`,
      darken(coat, 0.4),
    )
    pen.fill(circle(side * 7, -41, 7.4), lighten(coat, 0.66))
    pen.fill(circle(side * 6.6, -41, 4.8), shade('#f6b73c'))
    pen.fill(circle(side * 6.4, -41, 2.9), shade('#221d24'))
    pen.fill(circle(side * 6.4 + 1, -42.2, 0.9), [1, 1, 1])
    for (const dx of [-1.6, 0, 1.6]) {
      pen.fill(ellipse(side * 5 + dx, -0.4, 0.8, 1.8), shade('#e0a23f'))
    }
  }
  pen.fill('M-2.2 -38Q0 -39.6 2.2 -38L0 -32.6Z', shade('#e0a23f'))
}

function paintSongbird({ pen }: Stage, coat: Color, shade: Shade): void {
  pen.stroke('M-36 3Q-10 -3 36 0', 2.6, shade('#5d4335'))
  for (const [x, y, flip] of [
    [-27, 0, 1],
    [24, -1.4, -1],
    [31, 1, 1],
  ] as const) {
    pen.fill(
      `M${x} ${y}q4 ${flip * -6} 9 ${flip * -5}q-1 ${flip * 6} -9 ${flip * 5}Z`,
      shade('#6a9a5c'),
    )
  }
  pen.fill('M-14 -14C-24 -10 -30 -5 -34 2C-26 1 -17 -2 -10 -7Z', darken(coat, 0.35))
  pen.fill(
    'M-16 -12C-15 -24 -6 -34 4 -36C7 -42 14 -44 19 -41C24 -38 24 -31 22 -26C20 -12 10 -3 -2 -4C-8 -4 -14 -7 -16 -12Z',
    linear(-16, -36, 16, -4, [
      [0, lighten(coat, 0.18)],
      [1, darken(coat, 0.12)],
    ]),
  )
  pen.fill('M20 -24C18 -11 9 -4 -1 -4.4C6 -10 8 -18 10 -26C13 -29 19 -28 20 -24Z', shade('#f6c08c'))
  pen.fill('M-16 -12C-12 -24 0 -28 8 -24C6 -14 -4 -8 -17 -7Z', darken(coat, 0.3))
  pen.fill('M22.6 -36.4L30 -33.6L22.8 -31.6Z', shade('#e9a13c'))
  pen.fill(circle(17.2, -36, 1.6), shade('#1c1c26'))
  pen.fill(circle(17.8, -36.6, 0.5), [1, 1, 1])
  for (const x of [0, 5]) {
    pen.stroke(
      line([
        [x, -5],
        [x + 0.6, -0.6],
      ]),
      0.8,
      shade('#5d4335'),
    )
  }
}

/** Paints a fish about the origin that faces right, 36 `scale` units long. */
export function paintFish({ pen }: Stage, color: Color, scale: number): void {
  pen.at({ x: 0, y: 0, scale }, () => {
    pen.fill(
      'M-12 0C-18 -9 -22 -9 -24 -8C-21 -3 -21 3 -24 8C-22 9 -18 9 -12 0Z',
      darken(color, 0.2),
    )
    pen.fill('M-4 -8C0 -14 8 -14 10 -7Z', darken(color, 0.25))
    pen.fill('M-2 8C0 13 5 13 7 7Z', darken(color, 0.25))
    const body = 'M18 0C13 -9 2 -11 -6 -7C-10 -5 -13 -2 -15 0C-13 2 -10 5 -6 7C2 11 13 9 18 0Z'
    pen.fill(
      body,
      linear(0, -10, 0, 10, [
        [0, lighten(color, 0.12)],
        [0.6, color],
        [1, lighten(color, 0.5)],
      ]),
    )
    pen.clip(body, () => {
      pen.fill('M5 -12Q9 0 5 12H8.4Q12 0 8.4 -12Z', [1, 0.98, 0.94], { opacity: 0.9 })
      pen.fill('M-8 -12Q-4 0 -8 12H-5Q-1 0 -5 -12Z', [1, 0.98, 0.94], { opacity: 0.9 })
    })
    pen.fill(circle(13, -1.8, 1.5), hex('#1b2030'))
    pen.fill(circle(13.5, -2.3, 0.5), [1, 1, 1])
  })
}
