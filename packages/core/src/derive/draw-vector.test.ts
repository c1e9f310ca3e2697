import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { Output } from '../manifest/manifest.ts'
import { sizeOfOutput } from '../manifest/output-size.ts'
import { outputOf } from '../manifest/testing.ts'
import { readFacts } from '../pictures/read-facts.ts'
import { readMaster } from '../pictures/read-master.ts'
import { plain } from '../pictures/testing.ts'
import { createMasterCutter } from './cutter.ts'

const base = outputOf({ file: 'x.png', width: 1000, height: 1000, format: 'png' })

/** A white card with a black square from 10 to 14. Its left half has a red background. */
const card = (attributes: string): Buffer =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" ${attributes}><rect width="48" height="24" fill="#fff"/><rect width="24" height="24" fill="#f00"/><rect x="34" y="10" width="4" height="4"/></svg>`,
  )

/** Colours of the pixels in a row, as `r`, `w`, `k` or a dot for a mixed one. */
async function rowOf(bytes: Uint8Array, y: number): Promise<string> {
  const { data, info } = await sharp(bytes)
    .flatten()
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const letter: Record<string, string> = { '255 0 0': 'r', '255 255 255': 'w', '0 0 0': 'k' }
  return Array.from({ length: info.width }, (_, x) => {
    const at = (y * info.width + x) * 3
    return letter[data.subarray(at, at + 3).join(' ')] ?? '.'
  }).join('')
}

const runs = (row: string): string =>
  row.replace(/(.)\1*/g, (run, letter) => `${letter}${run.length} `).trim()

test.each([
  ['a view box', 'viewBox="0 0 48 24"'],
  ['a size only', 'width="48" height="24"'],
  ['neither', ''],
])('draws an output of an SVG with %s sharp', async (_, attributes) => {
  const cut = createMasterCutter(await readMaster(card(attributes)))
  const right = await cut({ ...base, position: 'right' })
  expect(runs(await rowOf(right.bytes, 500))).toBe('w416 .1 k166 .1 w416')
  const inside = await cut({ ...base, fit: 'inside', width: 480, height: 16_384 })
  expect(inside).toMatchObject({ width: 480, height: 240 })
  expect(runs(await rowOf(inside.bytes, 120))).toBe('r240 w100 k40 w100')
  const padded = await cut({
    ...base,
    fit: 'contain',
    width: 400,
    height: 400,
    padding: 0.2,
    background: '#ffffff',
  })
  expect(runs(await rowOf(padded.bytes, 200))).toBe('w80 r120 w50 k20 w130')
})

test('draws each size of an icon file', async () => {
  const cut = createMasterCutter(await readMaster(card('viewBox="24 0 24 24"')))
  const ico = await cut({ ...base, format: 'ico', width: 48, height: 48, icons: [24, 48] })
  const offset = ico.bytes.readUInt32LE(6 + 16 + 12)
  expect(runs(await rowOf(ico.bytes.subarray(offset), 24))).toBe('w20 k8 w20')
})

test.each([
  ['a view box only', 'viewBox="0 0 48 24"', 48, 24],
  ['a size only', 'width="96" height="48"', 96, 48],
  ['millimetres', 'width="25.4mm" height="12.7mm" viewBox="0 0 48 24"', 96, 48],
  ['a tiny view box', 'viewBox="0 0 2 1"', 300, 150],
  ['neither', '', 48, 24],
])(
  'writes an SVG output whose size is that of its file: %s',
  async (_, attributes, width, height) => {
    const master = await readMaster(card(attributes))
    const output: Output = { ...base, format: 'svg', fit: 'inside', file: 'x.svg' }
    const derived = await createMasterCutter(master)(output)
    expect(derived).toMatchObject({ width, height })
    expect(await readFacts(derived.bytes)).toMatchObject({ format: 'svg', width, height })
    expect(String(derived.bytes)).toMatch(/^<svg[^>]* viewBox="/)
    expect(sizeOfOutput(output, { ...master, isVector: true })).toEqual({ width, height })
  },
)

test('writes the same SVG output whatever the line endings of the master are', async () => {
  const text = String(card('viewBox="0 0 48 24"')).replaceAll('><', '>\n<')
  const output: Output = { ...base, format: 'svg', fit: 'inside', file: 'x.svg' }
  const [unix, windows] = await Promise.all(
    [text, text.replaceAll('\n', '\r\n')].map(async (svg) =>
      createMasterCutter(await readMaster(Buffer.from(svg)))(output),
    ),
  )
  expect(String(windows!.bytes)).toBe(String(unix!.bytes))
})

test.each([
  [640, 480, 800, 16_384, 640, 480],
  [640, 480, 320, 16_384, 320, 240],
  [1000, 333, 500, 100, 300, 100],
])('predicts the size of a file that only shrinks %ix%i', async (mw, mh, width, height, w, h) => {
  const png = await plain(mw, mh).png().toBuffer()
  const output: Output = { ...base, fit: 'inside', width, height }
  const size = sizeOfOutput(output, { width: mw, height: mh, isVector: false })
  expect(size).toEqual({ width: w, height: h })
  expect(await createMasterCutter(await readMaster(png))(output)).toMatchObject(size)
})
