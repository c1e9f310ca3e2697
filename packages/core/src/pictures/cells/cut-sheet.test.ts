import { expect, test } from 'vitest'
import type { Rgba } from './background.ts'
import { cutSheet } from './cut-sheet.ts'

type Colour = readonly [number, number, number, number]
type Shape = { x: number; y: number; width: number; height: number; color: Colour; round?: boolean }

const CLEAR: Colour = [0, 0, 0, 0]

/** Draws shapes on a ground. */
function draw(
  { width, height }: { width: number; height: number },
  ground: (x: number, y: number) => Colour,
  shapes: readonly Shape[],
): Rgba {
  const data = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(ground(x, y), (y * width + x) * 4)
  }
  for (const shape of shapes) {
    for (let y = shape.y; y < shape.y + shape.height; y++) {
      for (let x = shape.x; x < shape.x + shape.width; x++) {
        const dx = (x - shape.x + 0.5) / shape.width - 0.5
        const dy = (y - shape.y + 0.5) / shape.height - 0.5
        if (shape.round !== true || dx * dx + dy * dy < 0.25) {
          data.set(shape.color, (y * width + x) * 4)
        }
      }
    }
  }
  return { width, height, data }
}

/** A colour of its own for each cell. */
const colorOf = (cell: number): Colour => [40 + cell * 20, 220 - cell * 20, (cell * 67) % 200, 255]

/** Counts the pixels of each cell's colour. */
function countColors({ data }: Rgba, count: number): number[] {
  const counts = Array.from({ length: count }, () => 0)
  for (let at = 0; at < data.length; at += 4) {
    for (let cell = 0; cell < count; cell++) {
      const [r, g, b] = colorOf(cell)
      if (data[at] === r && data[at + 1] === g && data[at + 2] === b) counts[cell]!++
    }
  }
  return counts
}

function createRandom(seed: number): (least: number, most: number) => number {
  let state = seed
  return (least, most) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor(least + (state / 2_147_483_648) * (most - least))
  }
}

/** The numbers of rows and columns, and the size of a cell, px. */
type Layout = { columns: number; count: number; cell: number }

/** Places objects in cells, off their middles, in gutters that are not where a fixed grid is. */
function placeObjects(
  { columns, count, cell }: Layout,
  random: ReturnType<typeof createRandom>,
): Shape[] {
  const shift = random(-8, 9)
  return Array.from({ length: count }, (_, index) => {
    const [width, height] = [random(cell * 0.3, cell * 0.75), random(cell * 0.3, cell * 0.75)]
    const x =
      (index % columns) * cell + random(2, cell - width - 2) + (random(0, 2) === 0 ? 0 : shift)
    const y = Math.floor(index / columns) * cell + random(2, cell - height - 2) + shift
    return {
      x: Math.max(9, x) + 4,
      y: Math.max(9, y) + 4,
      width,
      height,
      color: colorOf(index),
      round: random(0, 2) === 0,
    }
  })
}

const grounds: readonly (readonly [string, (x: number, y: number) => Colour])[] = [
  ['transparent', () => CLEAR],
  ['white', () => [255, 255, 255, 255]],
  ['a gradient', (x, y) => [230 - x / 12, 235 - y / 12, 250, 255]],
  ['paper', (x, y) => [238 + ((x * 7 + y * 13) % 9), 234 + ((x * 5 + y * 3) % 9), 226, 255]],
]

test.each(grounds)('finds each picture of sheets on %s, whole and alone', (_, ground) => {
  for (let seed = 1; seed <= 12; seed++) {
    const random = createRandom(seed * 7919)
    const columns = random(1, 5)
    const count = Math.max(1, columns * random(1, 4) - random(0, columns))
    const layout = { columns, count, cell: 90 }
    const size = { width: columns * 90 + 24, height: Math.ceil(count / columns) * 90 + 24 }
    const shapes = placeObjects(layout, random)
    const picture = draw(size, ground, shapes)
    const total = countColors(picture, count)
    const { empty, touching, draw: drawCell } = cutSheet(picture, layout)
    expect([seed, empty, touching]).toEqual([seed, [], []])
    for (let cell = 0; cell < count; cell++) {
      const own = total.map((pixels, index) => (index === cell ? pixels : 0))
      expect([seed, cell, countColors(drawCell(cell), count)]).toEqual([seed, cell, own])
    }
  }
})

test('centres pictures in one size and keeps their scale', () => {
  const picture = draw({ width: 200, height: 100 }, () => CLEAR, [
    { x: 10, y: 12, width: 60, height: 40, color: colorOf(0) },
    { x: 150, y: 60, width: 20, height: 20, color: colorOf(1) },
  ])
  const { draw: drawCell } = cutSheet(picture, { columns: 2, count: 2 })
  const boxes = [0, 1].map((cell) => {
    const { width, height, data } = drawCell(cell)
    const inside = Array.from({ length: width * height }, (_, at) => at).filter(
      (at) => data[at * 4 + 3]! > 0,
    )
    const [xs, ys] = [inside.map((at) => at % width), inside.map((at) => Math.floor(at / width))]
    return [width, height, Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
  })
  expect(boxes).toEqual([
    [72, 72, 6, 16, 65, 55],
    [72, 72, 26, 26, 45, 45],
  ])
})

test('keeps what encloses background, soft edges and separate parts together', () => {
  const shapes: Shape[] = [
    { x: 20, y: 40, width: 60, height: 60, color: colorOf(0), round: true },
    { x: 35, y: 55, width: 30, height: 30, color: [255, 255, 255, 255], round: true },
    { x: 45, y: 15, width: 10, height: 10, color: colorOf(0) },
    { x: 130, y: 30, width: 50, height: 60, color: [248, 248, 248, 255] },
    { x: 135, y: 35, width: 40, height: 50, color: colorOf(1) },
  ]
  const picture = draw({ width: 220, height: 120 }, () => [255, 255, 255, 255], shapes)
  const total = countColors(picture, 2)
  const { draw: drawCell } = cutSheet(picture, { columns: 2, count: 2 })
  expect(countColors(drawCell(0), 2)).toEqual([total[0], 0])
  // The faint rim of the second picture is below what counts as an object, and is kept.
  const { data } = drawCell(1)
  const rim = Array.from({ length: data.length / 4 }, (_, at) => data[at * 4]).filter(
    (r) => r === 248,
  )
  expect(rim.length).toBe(50 * 60 - 40 * 50)
})

test('leaves out a grid of lines and a frame', () => {
  const line = (x: number, y: number, width: number, height: number): Shape => ({
    x,
    y,
    width,
    height,
    color: [20, 20, 20, 255],
  })
  const picture = draw({ width: 212, height: 212 }, () => [250, 250, 250, 255], [
    ...[0, 105, 210].flatMap((at) => [line(at, 0, 2, 212), line(0, at, 212, 2)]),
    ...[0, 1, 2, 3].map((cell): Shape => ({
      x: 30 + (cell % 2) * 100,
      y: 30 + (cell >> 1) * 100,
      width: 50,
      height: 40,
      color: colorOf(cell),
    })),
  ])
  const { empty, draw: drawCell } = cutSheet(picture, { columns: 2, count: 4 })
  expect(empty).toEqual([])
  for (let cell = 0; cell < 4; cell++) {
    const cut = drawCell(cell)
    expect(countColors(cut, 4)[cell]).toBe(2000)
    expect(cut.data.some((value, at) => at % 4 === 0 && value === 20)).toBe(false)
  }
})

test.each([
  ['the first', [0]],
  ['the middle', [4]],
  ['the last of a row', [2]],
  ['several', [1, 5, 8]],
])('reports which cells are empty: %s', (_, missing) => {
  const shapes = Array.from({ length: 9 }, (__, cell): Shape => ({
    x: 25 + (cell % 3) * 100,
    y: 20 + Math.floor(cell / 3) * 100,
    width: 50,
    height: 60,
    color: colorOf(cell),
    round: true,
  })).filter((___, cell) => !missing.includes(cell))
  const { empty } = cutSheet(
    draw({ width: 300, height: 300 }, () => CLEAR, shapes),
    { columns: 3, count: 9 },
  )
  expect(empty).toEqual(missing)
})

test.each([
  ['beside each other', { x: 20, y: 40, width: 140, height: 40 }, [[0, 1]]],
  ['one below the other', { x: 120, y: 30, width: 40, height: 150 }, [[1, 3]]],
])('reports pictures that touch: %s', (_, bridge, expected) => {
  const shapes = [0, 1, 2, 3].map((cell): Shape => ({
    x: 25 + (cell % 2) * 100,
    y: 25 + (cell >> 1) * 100,
    width: 50,
    height: 50,
    color: colorOf(cell),
  }))
  const picture = draw({ width: 200, height: 200 }, () => CLEAR, [
    ...shapes,
    { ...bridge, color: colorOf(5) },
  ])
  expect(cutSheet(picture, { columns: 2, count: 4 }).touching).toEqual(expected)
})

test('finds nothing in a picture without content', () => {
  const { empty, touching } = cutSheet(
    draw({ width: 60, height: 60 }, () => [9, 9, 9, 255], []),
    { columns: 2, count: 4 },
  )
  expect([empty, touching]).toEqual([[0, 1, 2, 3], []])
})

test.each([
  ['the last row', { columns: 2, count: 4 }, [0, 1], [2, 3]],
  ['the only cell of the last row', { columns: 2, count: 3 }, [0, 1], [2]],
  ['the first row', { columns: 2, count: 4 }, [2, 3], [0, 1]],
  ['the last column', { columns: 3, count: 6 }, [0, 1, 3, 4], [2, 5]],
  ['the last two rows', { columns: 1, count: 3 }, [0], [1, 2]],
])('splits a sheet without %s, where nothing touches', (_, { columns, count }, shown, missing) => {
  const shapes = shown.map((cell): Shape => {
    const [x, y] = [(cell % columns) * 100, Math.floor(cell / columns) * 100]
    return { x: x + 20, y: y + 20, width: 60, height: 60, color: colorOf(cell), round: true }
  })
  const size = { width: columns * 100, height: Math.ceil(count / columns) * 100 }
  const {
    empty,
    touching,
    draw: drawCell,
  } = cutSheet(
    draw(size, () => CLEAR, shapes),
    { columns, count },
  )
  expect([empty, touching]).toEqual([missing, []])
  for (const cell of shown) expect(countColors(drawCell(cell), count)[cell]).toBeGreaterThan(2500)
})
