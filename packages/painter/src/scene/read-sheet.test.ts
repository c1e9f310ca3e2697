import { expect, test } from 'vitest'
import { readSheet } from './read-sheet.ts'

const about =
  'Each picture is whole and centred in its own cell, all at the same scale, with wide empty gaps between them: nothing touches or overlaps a neighbour. One plain flat background, without lines, frames, numbers or text.'
const sheet = (columns: number, rows: number, list: string): string =>
  `A sheet of 2 separate pictures in a grid of ${columns} columns and ${rows} rows, from left to right and top to bottom: ${list}. ${about}`

test.each([
  [sheet(2, 1, '1. fox; 2. owl'), 2, 1, ['fox.', 'owl.']],
  [
    `Watercolour. ${sheet(2, 1, '1. a St. Bernard dog; 2. mug no. 7')} Warm light.`,
    2,
    1,
    ['a St. Bernard dog. Warm light. Watercolour.', 'mug no. 7. Warm light. Watercolour.'],
  ],
  [
    '一张包含2个独立图案的图集，排成1列2行，从左到右、从上到下依次为：1. 狐狸；2. 猫头鹰。每个图案都完整并居中在自己的格子里，大小一致，四周留有宽阔的空白：互不接触或重叠。统一的纯色背景，没有线条、边框、编号和文字。',
    1,
    2,
    ['狐狸.', '猫头鹰.'],
  ],
  [
    'Character sheet: 2 views of the same character, side by side: front, back. The whole figure in each view, with exactly the same face, on a plain light background, without text. A wizard',
    2,
    1,
    ['A wizard', 'A wizard'],
  ],
])('reads the pictures of a sheet: %s', (prompt, columns, rows, prompts) => {
  expect(readSheet(prompt)).toEqual({ columns, rows, prompts })
})

test.each([
  'A fox and an owl',
  'A grid of solar panels: 1. January',
  'A sheet of paper on a table',
])('reads no sheet in %s', (prompt) => {
  expect(readSheet(prompt)).toBeNull()
})
