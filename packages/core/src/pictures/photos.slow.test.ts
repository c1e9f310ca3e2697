import { describe, expect, test } from 'vitest'
import { decode, inspectPicture, type Pixels } from './decode.ts'
import { readSize } from './read-size.ts'
import { hugePng, noise, plain, turnedFormats, turnedPhoto } from './testing.ts'

/** Returns the colour at a place, `r`, `g`, `b` or a mix, by its bright channels. */
function colourAt({ data, width, channels }: Pixels, x: number, y: number): string {
  const at = (y * width + x) * channels
  return ['r', 'g', 'b'].filter((_, channel) => data[at + channel]! > 128).join('')
}

describe('a photo that is stored turned', () => {
  const cases = turnedFormats.flatMap((format) =>
    [1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => ({ format, orientation })),
  )

  test.each(cases)('is upright: $format, orientation $orientation', async (options) => {
    const photo = await turnedPhoto({ width: 64, height: 32, ...options })
    expect(await inspectPicture(photo)).toMatchObject({ width: 64, height: 32 })
    expect(await readSize(photo)).toMatchObject({ width: 64, height: 32 })
    const pixels = await decode(photo)
    expect([pixels.width, pixels.height]).toEqual([64, 32])
    const corners = [colourAt(pixels, 5, 5), colourAt(pixels, 58, 5), colourAt(pixels, 5, 26)]
    expect(corners).toEqual(['r', 'b', 'b'])
  })
})

describe('unusual colours', () => {
  const red = plain(16, 16)
  const grey = plain(16, 16, '#fff')

  test.each([
    ['a CMYK JPEG', async () => red.clone().toColourspace('cmyk').jpeg().toBuffer()],
    ['a CMYK TIFF', async () => red.clone().toColourspace('cmyk').tiff().toBuffer()],
    ['a 16-bit PNG', async () => red.clone().toColourspace('rgb16').png().toBuffer()],
    ['a 16-bit TIFF', async () => red.clone().toColourspace('rgb16').tiff().toBuffer()],
    ['a Display P3 photo', async () => red.clone().withIccProfile('p3').jpeg().toBuffer()],
  ])('become 8-bit sRGB: %s', async (_, create) => {
    const pixels = await decode(await create())
    expect(pixels.data.length).toBe(16 * 16 * pixels.channels)
    expect(colourAt(pixels, 8, 8)).toBe('r')
  })

  test.each([
    ['8-bit', 'b-w'],
    ['16-bit', 'grey16'],
  ])('become 8-bit sRGB: %s grey', async (_, space) => {
    const pixels = await decode(await grey.clone().toColourspace(space).png().toBuffer())
    expect(colourAt(pixels, 8, 8)).toBe('rgb')
  })
})

/** Returns a copy of a JPEG with some bytes of its data changed. */
function damaged(jpeg: Buffer): Buffer {
  const copy = Buffer.from(jpeg)
  for (let index = 0; index < 20; index++) copy[Math.floor(copy.length * 0.9) + index * 3]! ^= 0x55
  return copy
}

describe('a JPEG that is not quite correct', () => {
  const start = noise(300, 200).jpeg().toBuffer()
  const end = Buffer.from([0xff, 0xd9])

  test.each([
    [
      'bytes before its end',
      (jpeg: Buffer) => Buffer.concat([jpeg.subarray(0, -2), Buffer.from([7, 7, 7, 0xff, 0xd9])]),
    ],
    ['damage in its data', damaged],
    ['no end marker', (jpeg: Buffer) => jpeg.subarray(0, -2)],
    ['half of its end marker', (jpeg: Buffer) => jpeg.subarray(0, -1)],
    [
      'a thumbnail and no end marker',
      (jpeg: Buffer) => {
        const exif = Buffer.concat([Buffer.from('Exif\0\0'), jpeg.subarray(0, 40_000), end])
        const length = Buffer.from([(exif.length + 2) >> 8, (exif.length + 2) & 255])
        const segment = Buffer.concat([Buffer.from([0xff, 0xe1]), length, exif])
        return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2, -2)])
      },
    ],
    [
      'an appended video',
      (jpeg: Buffer) => Buffer.concat([jpeg, Buffer.from('ftypmp42'.repeat(99))]),
    ],
  ])('is read: %s', async (_, change) => {
    expect(await decode(change(await start))).toMatchObject({ width: 300, height: 200 })
  })

  test.each([
    ['a third', (jpeg: Buffer) => jpeg.subarray(0, jpeg.length / 3)],
    ['the last rows', (jpeg: Buffer) => jpeg.subarray(0, jpeg.length * 0.97)],
    ['the last block', (jpeg: Buffer) => jpeg.subarray(0, -40)],
    [
      'half, with an end marker',
      (jpeg: Buffer) => Buffer.concat([jpeg.subarray(0, jpeg.length / 2), end]),
    ],
    [
      'half, with zeros',
      (jpeg: Buffer) => Buffer.concat([jpeg.subarray(0, jpeg.length / 2), Buffer.alloc(9999)]),
    ],
  ])('is not read if it is truncated: %s', async (_, change) => {
    await expect(decode(change(await start))).rejects.toMatchObject({ code: 'picture/unreadable' })
  })
})

test.each(['png', 'webp', 'avif', 'gif', 'tiff'] as const)(
  'does not read a truncated %s',
  async (format) => {
    const bytes = await noise(120, 90)[format]().toBuffer()
    for (const part of [0.3, 0.7, 0.97]) {
      await expect(decode(bytes.subarray(0, bytes.length * part))).rejects.toMatchObject({
        code: 'picture/unreadable',
      })
    }
  },
)

describe('a type that Limn does not decode', () => {
  const box = (brand: string): Buffer =>
    Buffer.concat([
      Buffer.from([0, 0, 0, 24]),
      Buffer.from(`ftyp${brand}\0\0\0\0mif1heic`),
      Buffer.alloc(500),
    ])

  test.each([
    ['HEIC', box('heic'), /heif-convert/],
    ['HEIC', box('mif1'), /sips/],
    ['JPEG XL', Buffer.from([0xff, 0x0a, ...Array<number>(99).fill(1)]), /^Export it as/],
    [
      'JPEG 2000',
      Buffer.concat([Buffer.from('0000000c6a502020', 'hex'), Buffer.alloc(99)]),
      /PNG, JPEG/,
    ],
    ['a Photoshop document', Buffer.from(`8BPS${'\0'.repeat(99)}`), /PNG, JPEG/],
    ['BMP', Buffer.from(`BM${'\0'.repeat(99)}`), /PNG, JPEG/],
    ['a PDF', Buffer.from('%PDF-1.7 and so on'), /PNG, JPEG/],
  ])('is named: %s', async (name, bytes, hint) => {
    await expect(inspectPicture(bytes)).rejects.toMatchObject({
      code: 'picture/unreadable',
      message: `The picture can't be read: it is ${name}, which Limn can't decode.`,
      hint: expect.stringMatching(hint),
    })
  })
})

describe('large pictures', () => {
  test.each([
    [
      'a 48-megapixel JPEG, stored turned',
      async () => plain(8064, 6048).jpeg().withMetadata({ orientation: 6 }).toBuffer(),
      6048,
      8064,
    ],
    [
      'a 36-megapixel PNG',
      async () => plain(6000, 6000).png({ compressionLevel: 1 }).toBuffer(),
      6000,
      6000,
    ],
    [
      'a 36-megapixel WebP',
      async () => plain(6000, 6000).webp({ effort: 0 }).toBuffer(),
      6000,
      6000,
    ],
    ['a 200-megapixel JPEG', async () => plain(16_320, 12_240).jpeg().toBuffer(), 16_320, 12_240],
  ])('are decoded to a smaller copy: %s', async (_, create, width, height) => {
    const bytes = await create()
    expect(await inspectPicture(bytes)).toMatchObject({ width, height })
    const pixels = await decode(bytes)
    expect(pixels.width * pixels.height).toBeLessThan(17_000_000)
    expect(pixels.width / pixels.height).toBeCloseTo(width / height, 3)
    expect(colourAt(pixels, 9, 9)).toBe('r')
  })

  test('have a limit, which the error states', async () => {
    await expect(inspectPicture(hugePng(20_000, 20_000))).rejects.toMatchObject({
      code: 'picture/unreadable',
      message:
        "The picture can't be read: it has 20000x20000 px, and Limn reads at most 268 megapixels.",
      hint: 'Scale it down.',
    })
  })
})
