import { describe, expect, test } from 'vitest'
import { actualScale, fitSize, fitted, panBy, transformOf, zoomBy } from './zoom.ts'

const frame = { width: 400, height: 300 }

describe('fitSize', () => {
  test.each([
    [
      { width: 1600, height: 900 },
      { width: 400, height: 225 },
    ],
    [
      { width: 900, height: 1600 },
      { width: 168.75, height: 300 },
    ],
    [
      { width: 48, height: 48 },
      { width: 48, height: 48 },
    ],
  ])('contains %o in a frame', (picture, expected) => {
    expect(fitSize(picture, frame)).toEqual(expected)
  })
})

describe('zoomBy', () => {
  const fit = { width: 400, height: 300 }

  test.each([
    { x: 0, y: 0 },
    { x: 120, y: -75 },
    { x: -180, y: 140 },
  ])('keeps the place under the pointer at %o', (at) => {
    const start = { scale: 2, x: 0.5, y: 0.5 }
    const end = zoomBy(start, 1.5, at, fit)
    const shareUnder = (zoom: typeof start): number => zoom.x + at.x / (fit.width * zoom.scale)
    expect(shareUnder(end)).toBeCloseTo(shareUnder(start), 6)
  })

  test('never shows less than the whole picture, nor more than 32 times', () => {
    expect(zoomBy(fitted, 0.1, { x: 90, y: 0 }, fit)).toEqual(fitted)
    expect(zoomBy(fitted, 1000, { x: 0, y: 0 }, fit).scale).toBe(32)
  })
})

describe('panBy', () => {
  test.each([
    [{ x: 10_000, y: 0 }, 0.25],
    [{ x: -10_000, y: 0 }, 0.75],
    [{ x: 40, y: 0 }, 0.45],
  ])('moves the picture by %o, not beyond its edge', (by, expected) => {
    expect(panBy({ scale: 2, x: 0.5, y: 0.5 }, by, frame).x).toBeCloseTo(expected)
  })

  test('leaves a whole picture in the middle', () => {
    expect(panBy(fitted, { x: 50, y: 50 }, frame)).toEqual(fitted)
  })
})

test('actualScale counts pixels of the screen', () => {
  expect(actualScale({ width: 1600, height: 900 }, { width: 400, height: 225 }, 2)).toBe(2)
  expect(actualScale({ width: 1600, height: 900 }, { width: 400, height: 225 }, 1)).toBe(4)
  expect(actualScale({ width: 48, height: 48 }, { width: 48, height: 48 }, 1)).toBe(1)
})

test('transformOf moves the shown part to the middle', () => {
  expect(transformOf(fitted, frame)).toBe('translate(0.00px, 0.00px) scale(1.0000)')
  expect(transformOf({ scale: 2, x: 0.25, y: 0.75 }, frame)).toBe(
    'translate(200.00px, -150.00px) scale(2.0000)',
  )
})
