import { describe, expect, test } from 'vitest'
import { cropAround, focusOfPosition, roundFocus } from './crop.ts'

describe('cropAround', () => {
  const master = { width: 1536, height: 1024 }

  test.each([
    [
      { width: 1080, height: 1080 },
      { x: 0.5, y: 0.5 },
      { left: 256, top: 0, width: 1024, height: 1024 },
    ],
    [
      { width: 1080, height: 1080 },
      { x: 0, y: 0.9 },
      { left: 0, top: 0, width: 1024, height: 1024 },
    ],
    [
      { width: 1080, height: 1920 },
      { x: 1, y: 0.5 },
      { left: 960, top: 0, width: 576, height: 1024 },
    ],
    [
      { width: 1500, height: 500 },
      { x: 0.2, y: 0.25 },
      { left: 0, top: 0, width: 1536, height: 512 },
    ],
    [
      { width: 1500, height: 500 },
      { x: 0.2, y: 0.6 },
      { left: 0, top: 358, width: 1536, height: 512 },
    ],
    [
      { width: 768, height: 512 },
      { x: 0.9, y: 0.1 },
      { left: 0, top: 0, width: 1536, height: 1024 },
    ],
  ])('crops to %o around %o', (output, focus, expected) => {
    expect(cropAround(master, output, focus)).toEqual(expected)
  })

  test('keeps at least one pixel of a thin picture', () => {
    const region = cropAround(
      { width: 2, height: 4000 },
      { width: 728, height: 90 },
      { x: 0, y: 1 },
    )
    expect(region).toEqual({ left: 0, top: 3999, width: 2, height: 1 })
  })
})

test.each([
  ['centre', { x: 0.5, y: 0.5 }],
  ['top', { x: 0.5, y: 0 }],
  ['bottom-right', { x: 1, y: 1 }],
  ['left', { x: 0, y: 0.5 }],
  ['30% 40%', { x: 0.3, y: 0.4 }],
  ['12.5% 0%', { x: 0.125, y: 0 }],
  ['attention', undefined],
  ['entropy', undefined],
])('focusOfPosition places %s', (position, expected) => {
  expect(focusOfPosition(position)).toEqual(expected)
})

test('roundFocus stays inside of the picture', () => {
  expect(roundFocus({ x: -0.2, y: 1.7 })).toEqual({ x: 0, y: 1 })
  expect(roundFocus({ x: 1 / 3, y: 2 / 3 })).toEqual({ x: 0.33, y: 0.67 })
})
