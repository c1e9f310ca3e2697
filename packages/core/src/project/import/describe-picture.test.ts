import { expect, test } from 'vitest'
import { describePicture } from './describe-picture.ts'

const noUse = { widths: new Set<number>(), heights: new Set<number>(), alts: new Map() }

test.each([
  [900, 600, [], 'width: 900, height: 600, widths: [900]'],
  [400, 900, [], 'width: 400, height: 900, widths: [400]'],
  [1601, 900, [400, 800], 'width: 800, height: 450, widths: [400, 800]'],
  [20_000, 10, [], 'width: 16383, height: 8, widths: [16383]'],
])('keeps the shape of a master of %s x %s', (width, height, widths, expected) => {
  const picture = {
    path: 'a.png',
    digest: '',
    format: 'png',
    width,
    height,
    hasAlpha: false,
    isAnimated: false,
  } as Parameters<typeof describePicture>[0]
  const use = { ...noUse, widths: new Set(widths) }
  const { fields } = describePicture(picture, { name: 'a', use, kind: 'masters' })
  expect(fields.at(-1)).toEqual([
    'outputs',
    { flow: `[{ name: web, ${expected}, formats: [avif, webp, png] }]` },
  ])
})
