import sharp from 'sharp'
import { expect, test } from 'vitest'
import { createCutter } from '../derive/cutter.ts'
import { outputOf } from '../manifest/testing.ts'
import { readMaster } from './read-master.ts'
import { plain } from './testing.ts'

const colours = ['#ff0000', '#00ff00', '#0000ff']
const frames = await Promise.all(
  colours.map((background) => plain(60, 40, background).png().toBuffer()),
)
const gif = await sharp(frames, { join: { animated: true } })
  .gif({ delay: [80, 120, 200], loop: 0 })
  .toBuffer()
/** Frames of two colours, 2x2 px. */
const dots = await Promise.all(
  ['#ff0000', '#0000ff'].map((background) => plain(2, 2, background).png().toBuffer()),
)
const output = outputOf({
  file: 's.gif',
  preset: 's',
  width: 20,
  height: 20,
  format: 'gif',
  position: 'attention',
  provenance: true,
})

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
    const { bytes, width, height } = await createCutter(picture.pixels, { original: picture })({
      ...output,
      format,
      quality: format === 'webp' ? 80 : null,
    })
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
  const { bytes } = await createCutter(picture.pixels, { original: picture })({
    ...output,
    format: 'png',
  })
  expect((await sharp(bytes).metadata()).pages ?? 1).toBe(1)
  expect(await colourOf(bytes, 0)).toEqual([255, 0, 0])
})

test('encodes a still picture as GIF', async () => {
  const picture = await readMaster(frames[1]!)
  const { bytes } = await createCutter(picture.pixels, { original: picture })(output)
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'gif', width: 20 })
  expect(await colourOf(bytes, 0)).toEqual([0, 255, 0])
})

test('marks a GIF as AI-generated, and keeps it readable', async () => {
  const picture = await readMaster(gif)
  const cut = createCutter(picture.pixels, { original: picture })
  const [marked, plain] = [await cut(output), await cut({ ...output, provenance: false })]
  expect(marked.bytes.includes('trainedAlgorithmicMedia')).toBe(true)
  expect(plain.bytes.includes('trainedAlgorithmicMedia')).toBe(false)
  expect((await sharp(marked.bytes).metadata()).pages).toBe(3)
  expect(marked.bytes.at(-1)).toBe(0x3b)
})

test('rejects too many frames, and states the limits', async () => {
  const many = await sharp(
    Array.from({ length: 1001 }, (_, index) => dots[index % 2]!),
    { join: { animated: true } },
  )
    .gif({ delay: 20 })
    .toBuffer()
  const picture = await readMaster(many)
  await expect(createCutter(picture.pixels, { original: picture })(output)).rejects.toMatchObject({
    code: 'picture/unreadable',
    message:
      "The picture's frames can't be read: it has 1001 frames of 2x2 px, and Limn reads at most 1000 frames and 500 megapixels in all.",
  })
})

test('cuts an animation with more pixels than fit the memory at once', async () => {
  const length = 70
  const wide = await Promise.all(
    ['#ff0000', '#00ff00'].map((background) => plain(640, 480, background).png().toBuffer()),
  )
  const long = await sharp(
    Array.from({ length }, (_, index) => wide[index % 2]!),
    { join: { animated: true } },
  )
    .gif({ delay: 40, effort: 1 })
    .toBuffer()
  const picture = await readMaster(long)
  expect(picture.frames).toBe(length)
  const cut = await createCutter(picture.pixels, { original: picture })({
    ...output,
    format: 'webp',
    quality: 80,
  })
  expect(await sharp(cut.bytes).metadata()).toMatchObject({ pages: length })
  for (const page of [0, 53, 54, 55, 69]) {
    expect(await colourOf(cut.bytes, page)).toEqual(page % 2 === 0 ? [255, 0, 0] : [0, 255, 0])
  }
})

test.each([
  ['plays forever', 0],
  ['plays once', 1],
  ['plays three times', 3],
])('keeps that an animation %s', async (_, loop) => {
  const picture = await readMaster(
    await sharp(frames, { join: { animated: true } })
      .gif({ loop })
      .toBuffer(),
  )
  for (const format of ['gif', 'webp'] as const) {
    const cut = createCutter(picture.pixels, { original: picture })
    const { bytes } = await cut({ ...output, format, quality: format === 'webp' ? 80 : null })
    expect((await sharp(bytes).metadata()).loop).toBe(loop)
  }
})

test.each([
  [
    [0, 10, 20],
    [100, 100, 20],
  ],
  [
    [10, 10, 10],
    [100, 100, 100],
  ],
  [
    [5000, 20, 0],
    [5000, 20, 100],
  ],
])('gives frames of %j ms the time that browsers give them', async (delay, expected) => {
  const picture = await readMaster(
    await sharp(frames, { join: { animated: true } })
      .gif({ delay })
      .toBuffer(),
  )
  const { bytes } = await createCutter(picture.pixels, { original: picture })(output)
  expect((await sharp(bytes).metadata()).delay).toEqual(expected)
})

test('reports an animated AVIF, whose frames it cannot read', async () => {
  const still = await sharp(frames[0]).avif().toBuffer()
  expect((await readMaster(still)).format).toBe('avif')
  const sequence = Buffer.from(still)
  sequence.write('avis', 8, 'latin1')
  await expect(readMaster(sequence)).rejects.toMatchObject({
    code: 'picture/unreadable',
    message: "The picture can't be read: it is an animated AVIF, and Limn reads only still ones.",
  })
})
