import { expect, test } from 'vitest'
import { type Box, MAX_ATLAS_EDGE, packBoxes } from './pack.ts'

const boxesOf = (count: number, seed: number): Box[] => {
  let state = seed
  const next = (): number => (state = (state * 16_807) % 2_147_483_647)
  return Array.from({ length: count }, () => ({
    width: 1 + (next() % 90),
    height: 1 + (next() % 90),
  }))
}

test.each([
  [1, 1, true],
  [9, 2, true],
  [40, 3, true],
  [40, 4, false],
  [200, 5, false],
])('packs %d boxes apart from one another and from the edges', (count, seed, powerOfTwo) => {
  const boxes = boxesOf(count, seed)
  const { width, height, places } = packBoxes(boxes, { padding: 3, powerOfTwo })!
  const overlaps = boxes.flatMap((a, i) =>
    boxes.slice(i + 1).flatMap((b, j) => {
      const [p, q] = [places[i]!, places[i + 1 + j]!]
      const isApart =
        p.x + a.width + 3 <= q.x ||
        q.x + b.width + 3 <= p.x ||
        p.y + a.height + 3 <= q.y ||
        q.y + b.height + 3 <= p.y
      return isApart ? [] : [[i, i + 1 + j]]
    }),
  )
  expect(overlaps).toEqual([])
  for (const [index, { x, y }] of places.entries()) {
    expect(
      x >= 3 &&
        y >= 3 &&
        x + boxes[index]!.width + 3 <= width &&
        y + boxes[index]!.height + 3 <= height,
    ).toBe(true)
  }
  if (powerOfTwo) expect([Math.log2(width) % 1, Math.log2(height) % 1]).toEqual([0, 0])
  const area = boxes.reduce((sum, box) => sum + box.width * box.height, 0)
  expect(area / (width * height)).toBeGreaterThan(powerOfTwo ? 0.25 : count > 20 ? 0.7 : 0.3)
  expect(packBoxes(boxes, { padding: 3, powerOfTwo })).toEqual({ width, height, places })
})

test('packs nothing that is larger than textures may be', () => {
  const options = { padding: 0, powerOfTwo: true }
  expect(packBoxes([{ width: MAX_ATLAS_EDGE + 1, height: 1 }], options)).toBeUndefined()
  expect(
    packBoxes(
      Array.from({ length: 5 }, () => ({ width: 4096, height: 4097 })),
      options,
    ),
  ).toBeUndefined()
  expect(packBoxes([{ width: MAX_ATLAS_EDGE, height: 4 }], options)).toMatchObject({ height: 4 })
})
