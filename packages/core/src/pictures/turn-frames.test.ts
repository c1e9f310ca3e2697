import sharp from 'sharp'
import { expect, test } from 'vitest'
import { createMasterCutter } from '../derive/cutter.ts'
import { outputOf } from '../manifest/testing.ts'
import { readMaster } from './read-master.ts'
import { quarters } from './testing.ts'

const [width, height] = [48, 32]
const output = outputOf({
  file: 's.webp',
  preset: 's',
  width: 32,
  height: 48,
  format: 'webp',
  quality: 100,
  position: 'attention',
  provenance: true,
})

const frames = await Promise.all([
  quarters(width, height, ['#ff0000', '#00ff00', '#0000ff', '#ffffff']).png().toBuffer(),
  quarters(width, height, ['#00ffff', '#ff00ff', '#ffff00', '#000000']).png().toBuffer(),
])

/** An animated WebP that is stored turned. */
async function turned(orientation: number): Promise<Buffer> {
  const joined = await sharp(frames, { join: { animated: true } })
    .webp({ lossless: true })
    .withMetadata({ orientation })
    .toBuffer()
  expect(await sharp(joined).metadata()).toMatchObject({ orientation, pages: 2 })
  return joined
}

async function coloursAt(bytes: Uint8Array, page: number): Promise<string[]> {
  const { data, info } = await sharp(bytes, { page })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return [0.25, 0.75].flatMap((y) =>
    [0.25, 0.75].map((x) => {
      const at = 3 * (Math.floor(y * info.height) * info.width + Math.floor(x * info.width))
      return [...data.subarray(at, at + 3)].map((value) => Math.round(value / 255)).join('')
    }),
  )
}

/** The same frame, turned by sharp as a still picture. */
async function upright(frame: Buffer, orientation: number): Promise<Buffer> {
  const stored = await sharp(frame).withMetadata({ orientation }).png().toBuffer()
  return sharp(stored).autoOrient().png().toBuffer()
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'cuts every frame of an animated WebP with orientation %i upright',
  async (orientation) => {
    const master = await readMaster(await turned(orientation))
    const isTurned = orientation >= 5
    expect(master).toMatchObject({
      frames: 2,
      width: isTurned ? height : width,
      height: isTurned ? width : height,
    })
    const size = { width: master.width, height: master.height }
    const { bytes } = await createMasterCutter(master)({ ...output, ...size })
    for (const [page, frame] of frames.entries()) {
      expect(await coloursAt(bytes, page)).toEqual(
        await coloursAt(await upright(frame, orientation), 0),
      )
    }
  },
)
