import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { InputPicture } from './input-picture.ts'
import { prepareInputs, type RawInput } from './prepare-inputs.ts'

const remedy = 'Replace it with a good copy.'

/** A layer that is empty but for a red square in its upper left quarter. */
async function layer(width: number, height: number, background = '#0000'): Promise<Buffer> {
  const square = { width: width / 2, height: height / 2, channels: 4 as const, background: '#f00' }
  const input = await sharp({ create: square }).png().toBuffer()
  return sharp({ create: { width, height, channels: 4, background } })
    .composite([{ input, left: 0, top: 0 }])
    .png()
    .toBuffer()
}

async function prepare(
  markup: Uint8Array,
  photo = sharp({ create: { width: 64, height: 32, channels: 3, background: '#888' } }).jpeg(),
): Promise<InputPicture> {
  const inputs: RawInput[] = [
    { role: 'image', bytes: await photo.toBuffer(), path: 'photo.jpg', remedy },
    { role: 'markup', bytes: markup, path: 'marks.png', remedy },
  ]
  return (await prepareInputs(inputs))[1]!
}

test.each([
  ['of its size', 64, 32],
  ['of half its size', 32, 16],
  ['of twice its size', 128, 64],
])(
  'sends markup %s as a PNG of the size of the picture, with its colours',
  async (_, width, height) => {
    const { role, format, bytes } = await prepare(await layer(width, height))
    expect([role, format]).toEqual(['markup', 'png'])
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height, info.channels]).toEqual([64, 32, 4])
    const at = (x: number, y: number): number[] => [
      ...data.subarray((y * 64 + x) * 4, (y * 64 + x) * 4 + 4),
    ]
    expect(at(4, 4)).toEqual([255, 0, 0, 255])
    expect(at(60, 28)[3]).toBe(0)
  },
)

test('sends markup in the orientation of a turned photo', async () => {
  const turned = sharp({ create: { width: 32, height: 64, channels: 3, background: '#888' } })
    .jpeg()
    .withMetadata({ orientation: 6 })
  const { bytes } = await prepare(await layer(64, 32), turned)
  expect(await sharp(bytes).metadata()).toMatchObject({ width: 64, height: 32 })
})

test.each([
  [
    'is opaque',
    () => layer(64, 32, '#fff'),
    'has no transparent pixels, so it would hide the picture.',
  ],
  [
    'has no alpha',
    () =>
      sharp({ create: { width: 64, height: 32, channels: 3, background: '#fff' } })
        .png()
        .toBuffer(),
    'has no transparent pixels',
  ],
  [
    'is empty',
    () =>
      sharp({ create: { width: 64, height: 32, channels: 4, background: '#0000' } })
        .png()
        .toBuffer(),
    'is transparent everywhere.',
  ],
  [
    'has other proportions',
    () => layer(64, 64),
    'The markup marks.png has other proportions (64x64 px) than its picture photo.jpg (64x32 px).',
  ],
])('rejects markup that %s', async (_, create, message) => {
  await expect(prepare(await create())).rejects.toThrow(message)
})
