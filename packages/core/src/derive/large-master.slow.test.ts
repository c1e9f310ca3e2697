import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { outputOf } from '../manifest/testing.ts'
import { readMaster } from '../pictures/read-master.ts'
import { type Cutter, createMasterCutter } from './cutter.ts'
import type { Derived } from './encode.ts'

const base = outputOf({ file: 'x.jpg', width: 300, height: 200, format: 'jpeg', quality: 80 })

/** Edge of a square of the pattern, px. */
const SQUARE = 4
/** Edge of the pattern, px. The rest is black, which encoders are done with sooner. */
const PATTERN = 1200

/** Creates a picture with a checkerboard in the middle, so fine that a smaller copy of it is grey. */
function checkerboard(width: number, height: number): Buffer {
  const data = Buffer.alloc(width * height)
  const [left, top] = [(width - PATTERN) / 2, (height - PATTERN) / 2]
  for (let y = 0; y < PATTERN; y++) {
    for (let x = 0; x < PATTERN; x++) {
      const isWhite = (Math.floor(x / SQUARE) + Math.floor(y / SQUARE)) % 2 === 0
      if (isWhite) data[(top + y) * width + left + x] = 255
    }
  }
  return data
}

/** Returns the share of pixels in the middle that are nearly black or nearly white. */
async function sharpness({ bytes, width, height }: Derived): Promise<number> {
  const edge = PATTERN / 3
  const [left, top] = [(width - edge) >> 1, (height - edge) >> 1]
  const data = await sharp(bytes)
    .extract({ left, top, width: edge, height: edge })
    .extractChannel(0)
    .raw()
    .toBuffer()
  return data.filter((value) => value < 60 || value > 195).length / data.length
}

describe('a picture of 36 megapixels, stored turned', () => {
  let cut: Cutter

  beforeAll(async () => {
    const [width, height] = [7200, 5000]
    const photo = await sharp(checkerboard(width, height), { raw: { width, height, channels: 1 } })
      .jpeg({ quality: 95 })
      .withMetadata({ orientation: 6 })
      .toBuffer()
    cut = createMasterCutter(await readMaster(photo))
  })

  test.each([
    ['cropped', { width: 300, height: 400 }, [300, 400]],
    ['whole', { fit: 'inside', width: 500, height: 16_384 }, [500, 720]],
    ['padded', { width: 400, height: 400, padding: 0.1 }, [400, 400]],
  ] as const)('is cut from the copy: %s', async (_, changes, size) => {
    const { width, height } = await cut({ ...base, ...changes })
    expect([width, height]).toEqual(size)
  })

  test.each([
    ['cropped', { width: 4900, height: 600 }, [4900, 600]],
    ['whole', { fit: 'inside', width: 5000, height: 16_384 }, [5000, 7200]],
    ['whole, not enlarged', { fit: 'inside', width: 9000, height: 16_384 }, [5000, 7200]],
  ] as const)(
    'is cut from the file where the copy has too few pixels: %s',
    async (_, changes, size) => {
      const derived = await cut({ ...base, ...changes })
      expect([derived.width, derived.height]).toEqual(size)
      expect(await sharpness(derived)).toBeGreaterThan(0.6)
    },
  )
})
