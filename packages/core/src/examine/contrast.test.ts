import { describe, expect, test } from 'vitest'
import { examinePixels } from './examine-pixels.ts'
import {
  between,
  type Case,
  draw,
  flat,
  grainy,
  type Paint,
  type Random,
  scene,
  testKinds,
} from './testing.ts'

/** The luminance of a grey, by the formula of WCAG 2.2. */
function luminance(grey: number): number {
  const share = grey / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}

function ratioOf(one: number, other: number): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light! + 0.05) / (dark! + 0.05)
}

const hex = (grey: number): string => `#${grey.toString(16).padStart(2, '0').repeat(3)}`

/** A picture with a grey in its left third, and the exact contrast of a text on it, times a factor. */
function grey(factor: number, change: (paint: Paint, random: Random, size: number) => Paint) {
  return (random: Random, size: number): Case => {
    const [background, text] = [Math.floor(random() * 256), Math.floor(random() * 256)]
    const [left, right] = [
      change(flat([background, background, background]), random, size),
      scene(random, size),
    ]
    const picture = draw(size, size, (x, y) => (x < size / 3 ? left(x, y) : right(x, y)))
    const ratio = ratioOf(background, text) * factor
    return { picture, expectations: { contrast: { at: 'left', with: hex(text), ratio } } }
  }
}

/** Light text on dark, with a light patch as large as two letters' strokes. */
function patch(factor: number) {
  return (random: Random, size: number): Case => {
    const light = Math.round(between(random, 60, 150))
    const [left, top, edge] = [
      random() * size * 0.25,
      random() * size * 0.9,
      Math.max(4, size / 25),
    ]
    const picture = draw(size, size, (x, y) => {
      const isPatch = x >= left && x < left + edge && y >= top && y < top + edge
      return isPatch ? [light, light, light, 255] : [10, 10, 10, 255]
    })
    const ratio = ratioOf(light, 255) * factor
    return { picture, expectations: { contrast: { at: 'left', with: '#ffffff', ratio } } }
  }
}

const same = (paint: Paint): Paint => paint

describe('contrast', () => {
  testKinds(
    true,
    {},
    {
      'exactly the ratio': grey(1, same),
      'a little more than the ratio': grey(0.98, same),
      'a patch that has the ratio': patch(0.99),
    },
  )
  testKinds(
    false,
    {},
    {
      'a little less than the ratio': grey(1.002, same),
      'a patch that is too light': patch(1.02),
      'a light text on noise': (random, size) => ({
        picture: draw(size, size, grainy(flat([200, 200, 200]), 20, random)),
        expectations: { contrast: { at: 'center', with: '#fff', ratio: 3 } },
      }),
      'a transparent area, which may be on any page': (random, size) => ({
        picture: draw(size, size, flat([0, 0, 0], Math.floor(random() * 100))),
        expectations: {
          contrast: { at: 'top', with: random() < 0.5 ? '#000000' : '#ffffff', ratio: 4.5 },
        },
      }),
    },
  )

  test.each([
    ['#767676', 4.5, true],
    ['#777777', 4.5, false],
    ['#000', 21, true],
    ['#000000', 21.01, false],
    ['#0000007f', 4, false],
    ['#0008', 3.9, true],
  ])('measures %s on white against %d', (colour, ratio, passed) => {
    const picture = draw(40, 30, flat([255, 255, 255]))
    const contrast = { at: 'center', with: colour, ratio } as const
    expect(examinePixels(picture, { contrast }, new Map())).toMatchObject([{ passed }])
  })

  test('says what it measured, and where', () => {
    const contrast = { at: 'top-left', with: '#fff', ratio: 4.5 } as const
    expect(examinePixels(draw(30, 30, flat([0x77, 0x77, 0x77])), { contrast }, new Map())).toEqual([
      {
        test: 'contrast',
        passed: false,
        reason:
          'The lowest contrast of #fff in the top-left third is 4.47:1, with #777777; at least 4.5:1 is expected.',
      },
    ])
  })
})
