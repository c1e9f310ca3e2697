import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { composePicture } from './compose.ts'
import type { PaintOptions } from './compose.ts'
import { drawPicture } from './index.ts'
import type { RawPicture } from './raster/png.ts'

// A changed digest means changed pictures for everyone.
const DIGESTS: readonly string[] = [
  'd97a5d292bd32de0d8859b960b44a79a454a3c38e843353be668abe6bd1a3a08',
  '38ef70be226830b1286ed0c2aab37763e54cc51f6cf8bce47ee50989650ead0f',
  'dbb0c62e9076dd541a45ec9a798fe53bb437308e13b3c653e950fd319bed5468',
  'ee8c932d4085bba6ca9cccf09f7ca70cc5a5c446eab843d082eea79e310186b6',
]

const draw = (prompt: string, rest: Partial<PaintOptions> = {}): RawPicture =>
  composePicture({ prompt, width: 96, height: 64, transparent: false, ...rest })

function meanLuma({ data }: RawPicture): number {
  let sum = 0
  for (let i = 0; i < data.length; i += 4) {
    sum += data[i]! * 0.299 + data[i + 1]! * 0.587 + data[i + 2]! * 0.114
  }
  return sum / (data.length / 4)
}

function changedShare(a: RawPicture, b: RawPicture): number {
  let changed = 0
  for (let i = 0; i < a.data.length; i += 4) {
    if (
      Math.abs(a.data[i]! - b.data[i]!) +
        Math.abs(a.data[i + 1]! - b.data[i + 1]!) +
        Math.abs(a.data[i + 2]! - b.data[i + 2]!) >
      12
    ) {
      changed++
    }
  }
  return changed / (a.data.length / 4)
}

const pixel = ({ width, data }: RawPicture, x: number, y: number): number[] => [
  ...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4),
]

describe('drawPicture', () => {
  it.each([
    [16, 16],
    [64, 300],
    [1200, 640],
    [270, 480],
    [1, 1],
  ])('writes a PNG of %i by %i px without alpha', async (width, height) => {
    const file = drawPicture({
      prompt: 'A lighthouse at dawn over a calm sea',
      width,
      height,
      transparent: false,
    })
    const meta = await sharp(file).metadata()
    expect(meta).toMatchObject({
      format: 'png',
      width,
      height,
      channels: 3,
      hasAlpha: false,
      space: 'srgb',
    })
    await expect(sharp(file).raw().toBuffer()).resolves.toHaveLength(width * height * 3)
  })

  it('writes exactly the pixels of the picture', async () => {
    const options = { prompt: 'game item, gem', width: 70, height: 50, transparent: true }
    const read = await sharp(drawPicture(options)).raw().toBuffer()
    expect(Buffer.compare(read, Buffer.from(composePicture(options).data))).toBe(0)
  })

  it('returns the same bytes on every call', () => {
    const options = { prompt: '水墨风格的山水', width: 120, height: 80, transparent: false }
    expect(Buffer.compare(drawPicture(options), drawPicture(options))).toBe(0)
  })

  it.each([
    ['A lighthouse at dawn over a calm sea', false, DIGESTS[0]!],
    ['A fox reading a map in a forest', false, DIGESTS[1]!],
    ['Magic potion bottle, game item', true, DIGESTS[2]!],
    ['水墨风格的山水', false, DIGESTS[3]!],
  ])('returns the same bytes on every machine for %j', (prompt, transparent, digest) => {
    const file = drawPicture({ prompt, width: 96, height: 64, transparent })
    expect(createHash('sha256').update(file).digest('hex')).toBe(digest)
  })

  it('writes nothing of the prompt into the file', () => {
    const file = Buffer.from(
      drawPicture({ prompt: 'zebra secret', width: 32, height: 32, transparent: false }),
    )
    expect(file.includes('secret')).toBe(false)
    expect(file.includes('tEXt')).toBe(false)
    expect(file.includes('sRGB')).toBe(true)
  })

  it('rejects sizes that are out of range', () => {
    expect(() => draw('sea', { width: 0 })).toThrow(RangeError)
    expect(() => draw('sea', { height: 1.5 })).toThrow(RangeError)
    expect(() => draw('sea', { width: 8193 })).toThrow(
      new RangeError('width is 8193. Pass an integer from 1 to 8192 (px).'),
    )
  })

  it('rejects an input whose data does not fit its size', () => {
    const base = { width: 2, height: 1, data: new Uint8Array(6) }
    expect(() => draw('sea', { base })).toThrow(
      new RangeError('The data of base has 6 bytes, but its size requires 8. Pass 4 bytes per px.'),
    )
  })
})

describe('composePicture', () => {
  it.each([
    'A red mug',
    'Game character, knight with blue armour',
    'Logo for a coffee brand',
    'a fox',
    'Misty mountains above a lake',
  ])('leaves the corners transparent and the middle opaque for %j', (prompt) => {
    const picture = draw(prompt, { width: 96, height: 96, transparent: true })
    for (const [x, y] of [
      [0, 0],
      [95, 0],
      [0, 95],
      [95, 95],
    ] as const) {
      expect(pixel(picture, x, y)[3]).toBe(0)
    }
    expect(pixel(picture, 48, 54)[3]).toBe(255)
  })

  it.each(['Seamless pattern of leaves, teal', '无缝波浪图案', 'tileable pattern with cats'])(
    'continues across opposite edges for %j',
    (prompt) => {
      const { width, height, data } = draw(prompt, { width: 160, height: 120 })
      const step = (a: number, b: number): number =>
        Math.abs(data[a * 4]! - data[b * 4]!) + Math.abs(data[a * 4 + 1]! - data[b * 4 + 1]!)
      const columns = Array.from({ length: width }, (_, x) => {
        let sum = 0
        for (let y = 0; y < height; y++) sum += step(y * width + x, y * width + ((x + 1) % width))
        return sum
      })
      const rows = Array.from({ length: height }, (_, y) => {
        let sum = 0
        for (let x = 0; x < width; x++) sum += step(y * width + x, ((y + 1) % height) * width + x)
        return sum
      })
      expect(columns.at(-1)!).toBeLessThanOrEqual(Math.max(...columns.slice(0, -1)))
      expect(rows.at(-1)!).toBeLessThanOrEqual(Math.max(...rows.slice(0, -1)))
    },
  )

  it('changes visibly with one word', () => {
    expect(changedShare(draw('A calm sea at noon'), draw('A quiet sea at noon'))).toBeGreaterThan(
      0.1,
    )
  })

  it('changes visibly with the variant', () => {
    const prompt = 'Misty mountains above a lake at sunrise'
    expect(changedShare(draw(prompt), draw(prompt, { variant: 1 }))).toBeGreaterThan(0.1)
  })

  it('ignores the amount of white space', () => {
    expect(draw(' a  fox ').data).toEqual(draw('a fox').data)
  })

  it('draws a night darker than a day', () => {
    expect(meanLuma(draw('a lighthouse by the sea at night'))).toBeLessThan(
      meanLuma(draw('a lighthouse by the sea at noon')) - 60,
    )
  })

  it('gives a product the colour that the prompt names', () => {
    const [r, g, b] = pixel(draw('A red ceramic mug on a white table'), 48, 36) as [
      number,
      number,
      number,
    ]
    expect(r).toBeGreaterThan(g * 1.6)
    expect(r).toBeGreaterThan(b * 1.6)
    const [tr, tg, tb] = pixel(draw('A blue ceramic mug on a white table'), 48, 36) as [
      number,
      number,
      number,
    ]
    expect(tb).toBeGreaterThan(tr)
    expect(tb).toBeGreaterThan(tg)
  })

  it('shows the same scene at another size', () => {
    const prompt = 'A lighthouse at dawn over a calm sea'
    const large = draw(prompt, { width: 192, height: 128 })
    const small = draw(prompt)
    let difference = 0
    for (let y = 0; y < 64; y++) {
      for (let x = 0; x < 96; x++) {
        difference += Math.abs(pixel(small, x, y)[0]! - pixel(large, x * 2, y * 2)[0]!)
      }
    }
    expect(difference / (96 * 64)).toBeLessThan(12)
  })

  it('draws pixel art in squares', () => {
    const picture = draw('pixel art castle, sea', { width: 336, height: 336 })
    expect(pixel(picture, 40, 40)).toEqual(pixel(picture, 43, 43))
  })

  it('relights a base for the night and keeps what the mask protects', () => {
    const base = draw('A calm sea at noon')
    const night = composePicture({
      prompt: 'the same at night',
      width: 96,
      height: 64,
      transparent: false,
      base,
    })
    expect(meanLuma(night)).toBeLessThan(meanLuma(base) - 50)
    const mask = { width: 2, height: 1, data: Uint8Array.of(0, 0, 0, 255, 0, 0, 0, 0) }
    const half = composePicture({
      prompt: 'the same at night',
      width: 96,
      height: 64,
      transparent: false,
      base,
      mask,
    })
    expect(pixel(half, 5, 10)).toEqual(pixel(base, 5, 10))
    expect(pixel(half, 90, 10)).toEqual(pixel(night, 90, 10))
  })
})
