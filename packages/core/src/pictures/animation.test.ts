import sharp from 'sharp'
import { expect, test } from 'vitest'
import { createCutter } from '../derive/cutter.ts'
import type { Output } from '../manifest/manifest.ts'
import { readMaster } from './read-master.ts'

const colours = ['#ff0000', '#00ff00', '#0000ff']
const frames = await Promise.all(
  colours.map((background) =>
    sharp({ create: { width: 60, height: 40, channels: 3, background } })
      .png()
      .toBuffer(),
  ),
)
const gif = await sharp(frames, { join: { animated: true } })
  .gif({ delay: [80, 120, 200], loop: 0 })
  .toBuffer()
const output: Output = {
  file: 's.gif',
  preset: 's',
  width: 20,
  height: 20,
  format: 'gif',
  quality: null,
  fit: 'cover',
  position: 'attention',
  background: null,
  maxBytes: null,
  dpi: null,
  padding: 0,
  icons: [],
  provenance: true,
}

async function colourOf(bytes: Buffer, page: number): Promise<number[]> {
  const { data } = await sharp(bytes, { page })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return [...data.subarray(0, 3)].map((value) => Math.round(value / 51) * 51)
}

test.each(['gif', 'webp'] as const)(
  'cuts every frame to a %s, and keeps its delays',
  async (format) => {
    const picture = await readMaster(gif)
    expect(picture).toMatchObject({
      format: 'gif',
      width: 60,
      height: 40,
      pixels: { width: 60, height: 40 },
    })
    const { bytes, width, height } = await createCutter(
      picture.pixels,
      picture,
    )({ ...output, format, quality: format === 'webp' ? 80 : null })
    expect({ width, height }).toEqual({ width: 20, height: 20 })
    expect(await sharp(bytes).metadata()).toMatchObject({
      format,
      pages: 3,
      delay: [80, 120, 200],
      loop: 0,
      width: 20,
      height: 20,
    })
    for (const [page, expected] of [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
    ].entries()) {
      expect(await colourOf(bytes, page)).toEqual(expected)
    }
  },
)

test('cuts the first frame for a format without animation', async () => {
  const picture = await readMaster(gif)
  const { bytes } = await createCutter(picture.pixels, picture)({ ...output, format: 'png' })
  expect((await sharp(bytes).metadata()).pages ?? 1).toBe(1)
  expect(await colourOf(bytes, 0)).toEqual([255, 0, 0])
})

test('encodes a still picture as GIF', async () => {
  const picture = await readMaster(frames[1]!)
  const { bytes } = await createCutter(picture.pixels, picture)(output)
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'gif', width: 20 })
  expect(await colourOf(bytes, 0)).toEqual([0, 255, 0])
})

test('marks a GIF as AI-generated, and keeps it readable', async () => {
  const picture = await readMaster(gif)
  const cut = createCutter(picture.pixels, picture)
  const [marked, plain] = [await cut(output), await cut({ ...output, provenance: false })]
  expect(marked.bytes.includes('trainedAlgorithmicMedia')).toBe(true)
  expect(plain.bytes.includes('trainedAlgorithmicMedia')).toBe(false)
  expect((await sharp(marked.bytes).metadata()).pages).toBe(3)
  expect(marked.bytes.at(-1)).toBe(0x3b)
})

test('rejects too many frames', async () => {
  const many = await sharp(
    await Promise.all(
      Array.from({ length: 301 }, (_, index) =>
        sharp({
          create: {
            width: 2,
            height: 2,
            channels: 3,
            background: index % 2 === 0 ? '#ff0000' : '#0000ff',
          },
        })
          .png()
          .toBuffer(),
      ),
    ),
    { join: { animated: true } },
  )
    .gif({ delay: 20 })
    .toBuffer()
  const picture = await readMaster(many)
  await expect(createCutter(picture.pixels, picture)(output)).rejects.toMatchObject({
    code: 'picture/unreadable',
    message: expect.stringContaining('301 frames'),
  })
})
