import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Output } from '../manifest/manifest.ts'
import { readMaster } from '../pictures/read-master.ts'
import { type Cutter, createMasterCutter } from './cutter.ts'

const base: Output = {
  file: 'x.jpg',
  preset: 'x',
  width: 300,
  height: 200,
  format: 'jpeg',
  quality: 80,
  fit: 'cover',
  position: 'centre',
  background: null,
  maxBytes: null,
  dpi: null,
  padding: 0,
  icons: [],
  provenance: false,
}

/** Edge of a square of the pattern, px. */
const SQUARE = 4

/** Creates a checkerboard so fine that a smaller copy of it is grey. */
function checkerboard(width: number, height: number): Buffer {
  const data = Buffer.alloc(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if ((Math.floor(x / SQUARE) + Math.floor(y / SQUARE)) % 2 === 0) data[y * width + x] = 255
    }
  }
  return data
}

/** Returns the share of pixels that are nearly black or nearly white. */
async function sharpness(bytes: Buffer): Promise<number> {
  const { data } = await sharp(bytes).extractChannel(0).raw().toBuffer({ resolveWithObject: true })
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
      const { bytes, width, height } = await cut({ ...base, ...changes })
      expect([width, height]).toEqual(size)
      expect(await sharpness(bytes)).toBeGreaterThan(0.7)
    },
  )
})
