import { describe, expect, test } from 'vitest'
import { colourDifference, toLab } from './colour-difference.ts'
import { examinePixels } from './examine-pixels.ts'
import { formatColour } from './parse-colour.ts'
import {
  blob,
  type Case,
  colourApart,
  cutOut,
  draw,
  flat,
  gradient,
  grainy,
  over,
  type Paint,
  type Random,
  testKinds,
} from './testing.ts'

const format = ([red, green, blue]: readonly number[]): string => formatColour(red!, green!, blue!)

function difference(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [one, other].map(([red, green, blue]) => toLab(red!, green!, blue!))
  return colourDifference(a!, b!)
}

/** Draws with the first colours of a list, all of which are far apart. */
function withColours(
  paint: (random: Random, size: number, colours: number[][]) => Paint,
  most = 6,
) {
  return (random: Random, size: number): Case => {
    const colours: number[][] = []
    while (colours.length < 4) {
      const colour = colourApart(random, [], 0)
      if (colours.every((other) => difference(colour, other) > 25)) colours.push(colour)
    }
    const near = colours.slice(0, 3).map(format)
    const picture = draw(size, size, paint(random, size, colours))
    return { picture, expectations: { palette: { near, most } } }
  }
}

/** Shapes of two colours on a third. */
function shapes(random: Random, size: number, [first, second, third]: number[][]): Paint {
  const one = blob(random, { x: size * 0.3, y: size * 0.3 }, size * 0.2)
  const other = blob(random, { x: size * 0.6, y: size * 0.6 }, size * 0.25)
  return over(over(flat(first!), one, flat(second!)), other, flat(third!))
}

describe('palette', () => {
  testKinds(
    true,
    {},
    {
      'shapes of the palette': withColours(shapes),
      'shapes with grain': withColours((...given) => grainy(shapes(...given), 2, given[0]), 12),
      'a little of another colour': withColours((random, size, colours) =>
        over(
          shapes(random, size, colours),
          blob(random, { x: 40, y: 40 }, size * 0.06),
          flat(colours[3]!),
        ),
      ),
      'a black shadow, which has no colour': withColours(
        (random, size, [first]) =>
          (x, y) =>
            blob(() => 0.5, { x: size / 2, y: size / 2 }, size / 4)(x, y) > 0
              ? [first![0]!, first![1]!, first![2]!, 255]
              : [0, 0, 0, 100],
      ),
      'transparent pixels of other colours': withColours((random, size, [first, , , other]) => {
        const shape = cutOut(blob(random, { x: 40, y: 40 }, size / 4), flat(first!))
        return (x, y) => {
          const [red, green, blue, alpha] = shape(x, y)
          return alpha > 0 ? [red, green, blue, alpha] : flat(other!, 0)(x, y)
        }
      }),
    },
  )
  testKinds(
    false,
    {},
    {
      'a shape of another colour': withColours((random, size, colours) =>
        over(
          shapes(random, size, colours),
          blob(random, { x: 40, y: 40 }, size * 0.12),
          flat(colours[3]!),
        ),
      ),
      'another background': withColours((random, size, colours) =>
        shapes(random, size, [colours[3]!, colours[0]!, colours[1]!]),
      ),
      'another colour with grain': withColours((random, size, colours) =>
        grainy(
          over(flat(colours[0]!), blob(random, { x: 40, y: 40 }, size * 0.3), flat(colours[3]!)),
          4,
          random,
        ),
      ),
      'a gradient between two colours': withColours((random, size, [first, second]) =>
        gradient(first!, second!, size, random() < 0.5),
      ),
    },
  )

  test('measures the difference exactly', () => {
    const [one, other] = [
      [200, 30, 60],
      [180, 50, 90],
    ]
    const exact = difference(one!, other!)
    const verdict = (most: number): boolean =>
      examinePixels(
        draw(20, 20, flat(one!)),
        { palette: { near: ['#ffffff', format(other!)], most } },
        new Map(),
      )[0]!.passed
    expect([verdict(exact - 0.05), verdict(exact + 0.05)]).toEqual([false, true])
  })
})
