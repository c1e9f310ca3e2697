import { describe, expect, test } from 'vitest'
import { addStep, emptyMask, hasArea, redo, toMask, undo, type MaskStep } from './mask-strokes.ts'

const dot = (x: number): MaskStep => ({
  kind: 'stroke',
  points: [{ x, y: 1 }],
  radius: 4,
  erases: false,
})

describe('history of a mask', () => {
  test('undoes and redoes step by step, and stops at both ends', () => {
    let history = addStep(addStep(emptyMask, dot(1)), { kind: 'invert' })
    history = undo(undo(undo(history)))
    expect(history.count).toBe(0)
    history = redo(redo(redo(history)))
    expect(history.count).toBe(2)
  })

  test('forgets undone steps when another is drawn', () => {
    const history = addStep(undo(addStep(addStep(emptyMask, dot(1)), dot(2))), dot(3))
    expect(history.steps).toEqual([dot(1), dot(3)])
  })
})

test.each([
  ['drawn', [0, 0, 0, 255], [0, 0, 0, 0]],
  ['not drawn', [0, 0, 0, 0], [0, 0, 0, 255]],
  ['half drawn, inside', [0, 0, 0, 140], [0, 0, 0, 0]],
  ['half drawn, outside', [0, 0, 0, 90], [0, 0, 0, 255]],
  ['of another colour', [12, 200, 7, 255], [0, 0, 0, 0]],
])('toMask makes a pixel that is %s see-through or opaque', (_, pixel, expected) => {
  const rgba = Uint8ClampedArray.from(pixel)
  toMask(rgba)
  expect([...rgba]).toEqual(expected)
})

test('hasArea finds one drawn pixel', () => {
  expect(hasArea(Uint8ClampedArray.from([0, 0, 0, 0, 9, 9, 9, 0]))).toBe(false)
  expect(hasArea(Uint8ClampedArray.from([0, 0, 0, 0, 9, 9, 9, 1]))).toBe(true)
})
