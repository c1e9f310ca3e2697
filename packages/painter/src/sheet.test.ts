import { expect, test } from 'vitest'
import { composePicture } from './compose.ts'

const sheet = (list: string): string =>
  `A sheet of 4 separate pictures in a grid of 2 columns and 2 rows, from left to right and top to bottom: ${list}. Each picture is whole and centred in its own cell, without lines, frames, numbers or text.`

test.each([
  ['1. fox; 2. owl; 3. red mug; 4. lighthouse', false],
  ['1. sword; 2. potion; 3. zyx; 4. camera', true],
])('leaves gutters empty around %s', (list, transparent) => {
  const { data } = composePicture({ prompt: sheet(list), width: 240, height: 240, transparent })
  const differs = (x: number, y: number): boolean => {
    const at = (y * 240 + x) * 4
    return transparent
      ? data[at + 3]! > 0
      : [0, 1, 2].some((channel) => Math.abs(data[at + channel]! - data[channel]!) > 3)
  }
  for (let along = 0; along < 240; along++) {
    for (const line of [0, 4, 120, 239]) {
      expect([along, line, differs(along, line), differs(line, along)]).toEqual([
        along,
        line,
        false,
        false,
      ])
    }
  }
  expect([60, 180].every((x) => [60, 180].every((y) => differs(x, y)))).toBe(true)
})

test.each([
  ['A girl with red hair', 300, 200],
  ['A knight in blue armour', 120, 400],
  ['A red mug', 400, 100],
])('centres what each view shows: %s', (prompt, width, height) => {
  const views = `Character sheet: 2 views of the same character, side by side: front, back. ${prompt}`
  const { data } = composePicture({ prompt: views, width, height, transparent: true })
  const rows = Array.from({ length: height }, (_, y) => y).filter((y) =>
    data
      .subarray(y * width * 4, (y + 1) * width * 4)
      .some((value, at) => at % 4 === 3 && value > 8),
  )
  expect(Math.abs((rows[0]! + rows.at(-1)! + 1) / 2 - height / 2)).toBeLessThanOrEqual(1)
})
