import { darken, hex } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { circle, ellipse, polygon, rect, roundRect } from '../raster/path.ts'
import { FOOD_PAINTERS } from './food.ts'
import type { Stage } from './painter.ts'

const GLASS = hex('#dcebf0')
const BREW = hex('#6b3f27')

/** Words of a step, with the number of the picture that shows it; the first match wins. */
const WORDS = [
  [/\bgr(?:ind|ound)|磨/i, 1],
  [/\bbeans?\b|\bweigh|\bmeasure|咖啡豆|称/i, 0],
  [/\bfilter|\brinse|\bpour|\bwater|\bbloom|\bdrip|\bbrew|滤|水|冲|闷蒸/i, 2],
  [/\bserve|\bdrink|\benjoy|\bcup|\bshare|\bsip|\btaste|分享|品|喝|享用|杯/i, 3],
] as const

/** Returns the picture of a step of brewing coffee, or null if its words name none. */
export function coffeePicture(
  words: string,
  index: number,
  count: number,
): ((stage: Stage) => void) | null {
  const named = WORDS.find(([pattern]) => pattern.test(words))
  if (named !== undefined) return COFFEE[named[1]]!
  if (words !== '') return null
  const position = count < 2 ? 3 : Math.round((index / (count - 1)) * (COFFEE.length - 1))
  return COFFEE[position]!
}

/** The pictures of the four steps of brewing coffee. */
const COFFEE: readonly ((stage: Stage) => void)[] = [
  ({ pen }) => {
    pen.fill(
      'M-17 -50H17L20 -44L18 0H-18L-20 -44Z',
      linear(-18, 0, 18, 0, [
        [0, hex('#d9b48a')],
        [1, hex('#a87a50')],
      ]),
    )
    pen.fill('M-17 -50H17L20 -44H-20Z', hex('#8a5f3e'))
    pen.fill(circle(0, -22, 9), hex('#f6ead6'))
    pen.at({ x: 0, y: -22, turn: 0.1 }, () => {
      pen.fill(ellipse(0, 0, 4, 5.6), BREW)
      pen.stroke('M0 -5Q2 0 0 5', 0.9, hex('#f6ead6'))
    })
    for (const [x, y] of [
      [-27, -2],
      [26, -3],
      [31, -1],
    ] as const) {
      pen.fill(ellipse(x, y, 3.4, 2.3), BREW)
    }
  },
  ({ pen }) => {
    pen.fill(
      roundRect(-12, -34, 24, 34, 3),
      linear(-12, 0, 12, 0, [
        [0, hex('#efe6da')],
        [1, hex('#b9a892')],
      ]),
    )
    pen.fill(rect(-12, -16, 24, 9), BREW)
    pen.fill('M-14 -34H14L10 -46H-10Z', hex('#4a5560'))
    pen.stroke('M0 -46V-56H18', 2.4, hex('#4a5560'))
    pen.fill(circle(19, -56, 3.6), hex('#b0703f'))
    for (const [x, y] of [
      [-24, -2],
      [-28, -1],
      [24, -2],
      [28, -3],
      [26, -1],
    ] as const) {
      pen.fill(circle(x, y, 1.3), BREW)
    }
  },
  ({ pen }) => {
    pen.fill('M-17 -26H17L13 0H-13Z', GLASS, { opacity: 0.9 })
    pen.fill('M-14.6 -10H14.6L13 0H-13Z', BREW)
    pen.fill(
      polygon([
        [-18, -46],
        [18, -46],
        [5, -27],
        [-5, -27],
      ]),
      hex('#fdf8f0'),
    )
    pen.fill(
      polygon([
        [-16, -43],
        [16, -43],
        [8, -32],
        [-8, -32],
      ]),
      hex('#8a5636'),
    )
    pen.stroke('M0 -27V-12', 1, BREW)
    pen.fill(
      'M10 -62C22 -66 32 -60 32 -50H14C13 -54 11 -56 4 -56L-2 -48L-4 -50L2 -61Z',
      linear(0, -64, 0, -50, [
        [0, hex('#8fa3b0')],
        [1, hex('#53646f')],
      ]),
    )
    pen.stroke('M-3 -49C-3 -47 -3 -45 -3 -43', 1.1, hex('#7fc2dd'))
  },
  ({ pen, studio }) => FOOD_PAINTERS.coffee![0](pen, darken(hex('#fffaf2'), 0.02), studio.main),
]
