import { expect, test } from 'vitest'
import { examinePixels, perceptualHash, pixelTests } from './examine-pixels.ts'
import { draw, flat, gradient } from './testing.ts'

const everything = {
  unlike: ['other', 'missing'],
  'not-blank': true,
  sharp: true,
  tileable: true,
  palette: { near: ['#ffffff'], most: 10 },
  contrast: { at: 'center', with: '#000', ratio: 4.5 },
  quiet: 'center',
  whole: true,
  transparent: true,
} as const

const expectations = {
  ...everything,
  unlike: [...everything.unlike],
  palette: { near: ['#ffffff'], most: 10 },
}

test.each([
  [1, 1],
  [1, 700],
  [900, 1],
  [2, 3],
  [13, 5],
  [8192, 2],
])('gives a verdict for each expectation of a picture of %dx%d px, in order', (width, height) => {
  const picture = draw(width, height, gradient([0, 0, 0], [255, 255, 255], Math.max(width, height)))
  const clear = draw(width, height, flat([1, 2, 3], 0))
  const others = new Map([['other', perceptualHash(picture)]])
  for (const examined of [picture, clear]) {
    const verdicts = examinePixels(examined, expectations, others)
    expect(verdicts.map((verdict) => verdict.test)).toEqual([...pixelTests])
    for (const { reason } of verdicts) expect(reason).not.toMatch(/NaN|undefined|Infinity/)
  }
})

test('examines nothing that is not expected of the pixels', () => {
  const picture = draw(4, 4, flat([1, 2, 3]))
  expect(examinePixels(picture, { shows: ['a fox'] }, new Map())).toEqual([])
})

test.each(['bleu', '#12', 'rgb(1 2)', ''])('fails a picture by %j, which is no colour', (text) => {
  const contrast = { at: 'left', with: text, ratio: 3 } as const
  const palette = { near: ['#fff', text], most: 5 }
  const verdicts = examinePixels(draw(8, 8, flat([1, 2, 3])), { contrast, palette }, new Map())
  const reason = `${JSON.stringify(text)} is no colour. Write it as #rrggbb.`
  expect(verdicts).toEqual([
    { test: 'contrast', passed: false, reason },
    { test: 'palette', passed: false, reason },
  ])
})

test('gives no verdict on a picture that has nothing to be compared with', () => {
  const picture = draw(9, 9, gradient([0, 0, 0], [255, 255, 255], 9))
  const others = new Map([['known', perceptualHash(picture)]])
  const unlike = ['gone', 'known', 'later']
  expect(examinePixels(picture, { unlike }, others)).toMatchObject([{ of: 'known', passed: false }])
})
