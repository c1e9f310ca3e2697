import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { decode } from './decode.ts'
import { renderApart } from './render-svg.ts'

const svg = (content: string, size = 64): Buffer =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}">${content}</svg>`,
  )
const RED = svg('<rect width="64" height="64" fill="#f00"/>')
const noise = (octaves: number): string =>
  `<filter id="f" x="0" y="0" width="1" height="1"><feTurbulence baseFrequency="0.5" numOctaves="${octaves}"/></filter>`

/** SVGs that take minutes or hours. */
const endless: readonly (readonly [string, Buffer])[] = [
  [
    'noise',
    svg(`${noise(90_000)}${'<rect width="999" height="999" filter="url(#f)"/>'.repeat(60)}`, 1000),
  ],
  [
    'a wide morphology',
    svg(
      `<filter id="f"><feMorphology operator="dilate" radius="900"/></filter>${'<rect width="4000" height="4000" filter="url(#f)"/>'.repeat(400)}`,
      4000,
    ),
  ],
  [
    'many filters in one another',
    svg(
      `${noise(9000)}${'<g filter="url(#f)">'.repeat(90)}<rect width="2000" height="2000"/>${'</g>'.repeat(90)}`,
      2000,
    ),
  ],
]

test.each(endless)('gives up %s, and renders the next SVG', async (_, bytes) => {
  await expect(renderApart({ bytes, density: undefined }, 1500)).rejects.toMatchObject({
    code: 'picture/unreadable',
    message: "The picture can't be read: rendering the SVG takes more than 1.5 s.",
    hint: expect.any(String),
  })
  const { data, width, height } = await decode(RED)
  expect([width, height, ...data.subarray(0, 3)]).toEqual([2048, 2048, 255, 0, 0])
})

test('renders several at once, each with its own pixels', async () => {
  const colours = ['#0a0000', '#000b00', '#00000c', '#0d0d0d']
  const all = await Promise.all(
    colours.map((fill) => decode(svg(`<rect width="64" height="64" fill="${fill}"/>`))),
  )
  expect(all.map(({ data }) => `#${data.toString('hex', 0, 3)}`)).toEqual(colours)
})

test.each([
  ['broken XML', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9"')],
  ['a compressed SVG', gzipSync(RED)],
  ['another text', Buffer.from('<html></html>')],
])('rejects %s', async (_, bytes) => {
  await expect(decode(bytes)).rejects.toMatchObject({ code: 'picture/unreadable' })
  expect(await decode(RED)).toMatchObject({ width: 2048 })
})

test('renders an SVG whose elements have a prefix', async () => {
  const bytes = Buffer.from(
    `<!-- <svg/ --><x:svg xmlns:x="http://www.w3.org/2000/svg" width="8" height="8"><x:rect width="8" height="8"/></x:svg>`,
  )
  expect(await decode(bytes)).toMatchObject({ width: 2048, height: 2048 })
})
