import { expect, test } from 'vitest'
import type { Pixels } from './pixels.ts'
import { readFacts } from './read-facts.ts'
import { drawLarge, openVector } from './vector.ts'

const svg = (attributes: string, content = '<rect width="9999" height="9999"/>'): Buffer =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${content}</svg>`)

test.each([
  ['its width and height', 'width="40" height="20"', 40, 20],
  ['its view box', 'viewBox="0 0 24 16"', 24, 16],
  ['its size rather than its view box', 'width="48" height="48" viewBox="0 0 24 24"', 48, 48],
  ['millimetres', 'width="210mm" height="297mm" viewBox="0 0 210 297"', 794, 1123],
  ['points and picas', 'width="72pt" height="6pc"', 96, 96],
  ['ems', 'width="2em" height="1em" viewBox="0 0 2 1"', 32, 16],
  ['its width and its view box', 'width="300" viewBox="0 0 30 10"', 300, 100],
  ['its height and its view box', 'height="10" viewBox="0,0,30,10"', 30, 10],
  [
    'its view box instead of percentages',
    'width="100%" height="100%" viewBox="0 0 200 100"',
    200,
    100,
  ],
  ['its view box instead of zero and less', 'width="0" height="-5" viewBox="0 0 20 10"', 20, 10],
  ['its size instead of an empty view box', 'width="30" height="20" viewBox="0 0 0 0"', 30, 20],
  [
    'its style rather than its attributes',
    'width="1" height="1" style="width:30px; height:20px"',
    30,
    20,
  ],
  ['the largest size with its shape', 'width="1e9" height="5e8"', 16_384, 8192],
  ['a size with its shape for a tiny view box', 'viewBox="0 0 0.2 0.1"', 300, 150],
  ['a size with its shape for a few pixels', 'width="10.4" height="3.6"', 52, 18],
])('takes %s for its size', async (_, attributes, width, height) => {
  expect(await readFacts(svg(attributes))).toMatchObject({ format: 'svg', width, height })
})

test.each([
  ['a square', '<rect width="80" height="80"/>', 80, 80, '0 0 80 80'],
  ['a circle elsewhere', '<circle cx="200" cy="100" r="40"/>', 80, 80, '160 60 80 80'],
  ['a wide drawing', '<rect x="-100" width="9000" height="3000"/>', 9000, 3000, '-100 0 9000 3000'],
  ['a drawing of half a unit', '<circle cx="0.5" cy="0.5" r="0.5"/>', 150, 150, '0 0 1 1'],
  ['what fills any box', '<rect width="100%" height="100%"/>', 300, 150, '0 0 300 150'],
  ['nothing', '', 300, 150, '0 0 300 150'],
])('measures %s if the file states no size', async (_, content, width, height, viewBox) => {
  const vector = await openVector(svg('', content))
  expect(vector).toMatchObject({ width, height })
  expect(vector.missingAttributes).toEqual({
    width: String(width),
    height: String(height),
    viewBox,
  })
})

test.each([
  ['a view box', 'viewBox="0 0 16 16"'],
  ['its size only', 'width="16" height="16"'],
  ['percentages', 'width="100%" height="100%" viewBox="0 0 16 16"'],
  ['a style sheet that sets another size', 'class="a" viewBox="0 0 16 16"'],
])('draws an SVG with %s sharp at every size', async (_, attributes) => {
  const vector = await openVector(
    svg(
      attributes,
      '<style>svg,.a{width:3px;height:3px}</style><rect width="16" height="16" fill="#fff"/><rect x="5" y="5" width="6" height="6"/>',
    ),
  )
  for (const edge of [16, 64, 1024]) {
    const pixels = await vector.render({ width: edge, height: edge })
    expect(pixels).toMatchObject({ width: edge, height: edge })
    const row = rowOf(pixels, edge / 2)
    expect(row.filter((value) => value > 10 && value < 245)).toEqual([])
    expect(row.filter((value) => value === 0)).toHaveLength((edge * 6) / 16)
  }
})

test('draws a part of an SVG', async () => {
  const vector = await openVector(
    svg(
      'viewBox="0 0 20 10"',
      '<path fill="#f00" d="M0 0h10v10H0z"/><path fill="#00f" d="M10 0h10v10H10z"/>',
    ),
  )
  const region = { x: 10, y: 0, width: 10, height: 10 }
  const { data } = await vector.render({ width: 100, height: 100 }, { region })
  expect([...data.subarray(0, 4)]).toEqual([0, 0, 255, 255])
  expect([...data.subarray(-4)]).toEqual([0, 0, 255, 255])
})

test.each([
  ['meets', '', 0.5],
  ['slices', 'preserveAspectRatio="xMidYMid slice"', 1],
  ['stretches', 'preserveAspectRatio="none"', 1],
])('keeps how a drawing %s the size', async (_, attribute, share) => {
  const vector = await openVector(
    svg(
      `width="20" height="10" viewBox="0 0 10 10" ${attribute}`,
      '<rect width="10" height="10"/>',
    ),
  )
  const { data } = await vector.render({ width: 200, height: 100 })
  const painted = data.filter((value, index) => index % 4 === 3 && value > 128).length
  expect(painted / 20_000).toBe(share)
})

test('draws a logo large enough for a model', async () => {
  const pixels = await drawLarge(await openVector(svg('viewBox="0 0 24 24"')))
  expect(pixels).toMatchObject({ width: 2048, height: 2048 })
})

function rowOf({ data, width, channels }: Pixels, y: number): number[] {
  return Array.from({ length: width }, (_, x) => data[(y * width + x) * channels]!)
}
