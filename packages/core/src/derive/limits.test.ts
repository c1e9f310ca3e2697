import sharp from 'sharp'
import { expect, test } from 'vitest'
import { outputOf } from '../manifest/testing.ts'
import { decode, type Pixels } from '../pictures/decode.ts'
import { noise, plain } from '../pictures/testing.ts'
import { createCutter } from './cutter.ts'

const base = outputOf({ file: 'x.jpg', width: 256, height: 256, format: 'jpeg', quality: 90 })

async function noisePixels(): Promise<Pixels> {
  return decode(await noise(256, 256).png().toBuffer())
}

test('lowers the quality of a file only as far as maxBytes requires', async () => {
  const cut = createCutter(await noisePixels())
  const whole = (await cut(base)).bytes.length
  const maxBytes = Math.floor(whole / 2)
  const { bytes, width, height } = await cut({ ...base, maxBytes })
  expect([width, height]).toEqual([256, 256])
  expect(bytes.length).toBeLessThanOrEqual(maxBytes)
  expect(bytes.length).toBeGreaterThan(maxBytes * 0.8)
})

test('keeps the quality of a file that fits maxBytes', async () => {
  const cut = createCutter(await noisePixels())
  expect((await cut({ ...base, maxBytes: 10_000_000 })).bytes.equals((await cut(base)).bytes)).toBe(
    true,
  )
})

test('reduces the palette of a PNG to fit maxBytes', async () => {
  const cut = createCutter(await noisePixels())
  const whole = (await cut({ ...base, format: 'png', quality: null })).bytes.length
  expect(
    (await cut({ ...base, format: 'png', quality: null, maxBytes: Math.floor(whole * 0.6) })).bytes
      .length,
  ).toBeLessThanOrEqual(whole * 0.6)
})

test('fails with output/too-large if no quality fits maxBytes', async () => {
  const cut = createCutter(await noisePixels())
  await expect(cut({ ...base, maxBytes: 200 })).rejects.toMatchObject({
    code: 'output/too-large',
    message: expect.stringMatching(
      /^x\.jpg can't be smaller than \d+ bytes, but its limit is 200 bytes\.$/,
    ),
  })
})

test('packs all sizes of an icon into one file', async () => {
  const { bytes } = await createCutter(await noisePixels())({
    ...base,
    file: 'favicon.ico',
    format: 'ico',
    quality: null,
    width: 48,
    height: 48,
    icons: [16, 32, 48],
  })
  expect([bytes.readUInt16LE(0), bytes.readUInt16LE(2), bytes.readUInt16LE(4)]).toEqual([0, 1, 3])
  for (const [index, size] of [16, 32, 48].entries()) {
    const at = 6 + 16 * index
    const [length, offset] = [bytes.readUInt32LE(at + 8), bytes.readUInt32LE(at + 12)]
    expect([bytes.readUInt8(at), bytes.readUInt8(at + 1)]).toEqual([size, size])
    expect(await sharp(bytes.subarray(offset, offset + length)).metadata()).toMatchObject({
      format: 'png',
      width: size,
      height: size,
    })
  }
})

test('fills the padding with the background colour', async () => {
  const red = await decode(await plain(300, 300).png().toBuffer())
  const { bytes } = await createCutter(red)({
    ...base,
    format: 'png',
    quality: null,
    width: 100,
    height: 100,
    padding: 0.1,
    background: '#ffffff',
  })
  const { data, info } = await sharp(bytes)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const at = (x: number, y: number): number[] => [
    ...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3),
  ]
  expect([info.width, info.height]).toEqual([100, 100])
  expect([at(5, 50), at(94, 50), at(50, 5)]).toEqual([
    [255, 255, 255],
    [255, 255, 255],
    [255, 255, 255],
  ])
  expect([at(12, 50), at(50, 50), at(87, 50)]).toEqual([
    [255, 0, 0],
    [255, 0, 0],
    [255, 0, 0],
  ])
})

test.each(['jpeg', 'png'] as const)(
  'writes the dpi of a %s file in addition to the AI mark',
  async (format) => {
    const { bytes } = await createCutter(await noisePixels())({
      ...base,
      format,
      quality: format === 'png' ? null : 80,
      dpi: 300,
      provenance: true,
    })
    const facts = await sharp(bytes).metadata()
    expect(facts.density).toBe(300)
    expect(facts.xmpAsString ?? String(facts.xmp)).toContain('trainedAlgorithmicMedia')
  },
)
