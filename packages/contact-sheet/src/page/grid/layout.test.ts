import { describe, expect, it } from 'vitest'
import { createAsset } from '../store/testing.ts'
import { columnsIn, layOut, moveIndex } from './layout.ts'

const groupOf = (key: string, count: number) => ({
  key,
  assets: Array.from({ length: count }, (_, index) => createAsset(`${key}/${index}`)),
})
/** Rows: heading, 0–2, 3–4, heading, 5, heading, 6–8. */
const layout = layOut([groupOf('a', 5), groupOf('b', 1), groupOf('c', 3)], 3, true)

describe('layOut', () => {
  it('fills rows, and starts a new one for each group', () => {
    expect(
      layout.rows.map((row) => (row.kind === 'heading' ? row.key : row.assets.length)),
    ).toEqual(['a', 3, 2, 'b', 1, 'c', 3])
    expect(layout.assets).toHaveLength(9)
    expect(layout.rowOf).toEqual([1, 1, 1, 2, 2, 4, 6, 6, 6])
    expect(layout.indexByName.get('c/2')).toBe(8)
  })

  it('has no headings without groups, and no rows without assets', () => {
    expect(layOut([groupOf('', 4)], 3, false).rows).toHaveLength(2)
    expect(layOut([], 3, true).rows).toEqual([])
  })
})

describe('moveIndex', () => {
  it.each([
    ['ArrowRight', 0, 1],
    ['ArrowRight', 8, 8],
    ['ArrowLeft', 0, 0],
    ['ArrowLeft', 5, 4],
    ['ArrowDown', 0, 3],
    ['ArrowDown', 2, 4],
    ['ArrowDown', 4, 5],
    ['ArrowDown', 5, 6],
    ['ArrowDown', 8, 8],
    ['ArrowUp', 8, 5],
    ['ArrowUp', 5, 3],
    ['ArrowUp', 1, 1],
    ['PageDown', 1, 5],
    ['PageUp', 7, 4],
    ['Home', 7, 0],
    ['End', 1, 8],
  ])('moves with %s from %i to %i', (key, from, to) => {
    expect(moveIndex(layout, from, { key, rowsPerPage: 2 })).toBe(to)
  })

  it.each(['a', 'Enter', 'constructor', 'toString'])('does not move with %s', (key) => {
    expect(moveIndex(layout, 0, { key, rowsPerPage: 2 })).toBeNull()
  })

  it('does not move in an empty grid', () => {
    expect(moveIndex(layOut([], 3, true), 0, { key: 'End', rowsPerPage: 2 })).toBeNull()
  })
})

describe('columnsIn', () => {
  it.each([
    [328, 220, 2],
    [328, 150, 2],
    [328, 320, 1],
    [1000, 220, 4],
    [1536, 220, 6],
    [3776, 220, 16],
    [3776, 320, 11],
  ])('fits %i px with cells of %i px', (width, cellWidth, columns) => {
    expect(columnsIn(width, { cellWidth, gap: 16 })).toBe(columns)
  })
})
