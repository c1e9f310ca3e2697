import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { decode } from './decode.ts'
import type { InputPicture } from './input-picture.ts'
import { prepareInputs, type RawInput } from './prepare-inputs.ts'
import { noise, plain, SECRET, turnedPhoto } from './testing.ts'

const remedy = 'Replace it with a good copy.'
const image = (bytes: Uint8Array, path = 'photo.jpg'): RawInput => ({
  role: 'image',
  bytes,
  path,
  remedy,
})
const mask = (bytes: Uint8Array): RawInput => ({ role: 'mask', bytes, path: 'mask.png', remedy })

async function prepare(...inputs: RawInput[]): Promise<InputPicture[]> {
  return prepareInputs(inputs)
}

/** Whether bytes contain anything private, or a box that may. */
function hasMetadata(bytes: Uint8Array): boolean {
  return [SECRET, 'Exif', 'eXIf', 'EXIF', 'ns:meta', 'Photoshop', 'ICC_PROFILE', 'iCCP'].some(
    (text) => Buffer.from(bytes).includes(text),
  )
}

const photo = { width: 64, height: 32 }

describe('a photo', () => {
  test.each([
    ['a JPEG', 1, 'jpeg', 'jpeg'],
    ['a turned JPEG', 6, 'jpeg', 'jpeg'],
    ['a mirrored JPEG', 7, 'jpeg', 'jpeg'],
    ['a PNG', 1, 'png', 'png'],
    ['a turned PNG', 8, 'png', 'png'],
    ['a WebP', 1, 'webp', 'png'],
    ['a turned AVIF', 6, 'avif', 'png'],
    ['a turned TIFF', 3, 'tiff', 'png'],
  ] as const)('is sent upright and without metadata: %s', async (_, orientation, format, sent) => {
    const bytes = await turnedPhoto({ ...photo, orientation, format })
    const [input] = await prepare(image(bytes))
    expect(input).toMatchObject({ role: 'image', format: sent })
    expect(hasMetadata(input!.bytes)).toBe(false)
    const metadata = await sharp(input!.bytes).metadata()
    expect(metadata).toMatchObject({ format: sent, ...photo, depth: 'uchar', space: 'srgb' })
    const { data, channels } = await decode(input!.bytes)
    expect(data[(4 * photo.width + 4) * channels]).toBeGreaterThan(200)
  })

  test.each([
    ['a JPEG', async () => plain(40, 30).jpeg(), 'jpeg'],
    ['a progressive JPEG', async () => plain(40, 30).jpeg({ progressive: true }), 'jpeg'],
    ['a grey JPEG', async () => plain(40, 30).toColourspace('b-w').jpeg(), 'jpeg'],
    ['a PNG', async () => plain(40, 30).ensureAlpha(0.5).png(), 'png'],
    ['a PNG with a palette', async () => plain(40, 30).png({ palette: true }), 'png'],
    ['a WebP', async () => plain(40, 30).ensureAlpha(0.5).webp(), 'webp'],
    ['a lossless WebP', async () => plain(40, 30).webp({ lossless: true }), 'webp'],
  ] as const)('keeps its pixels as they are encoded: %s', async (_, create, format) => {
    const clean = await (await create()).toBuffer()
    const withXmp = await (await create()).withXmp(`<x a="${SECRET}"/>`).toBuffer()
    expect((await sharp(withXmp).metadata()).xmp).toBeDefined()
    const [sent] = await prepare(image(withXmp))
    expect(sent).toMatchObject({ format })
    expect(hasMetadata(sent!.bytes)).toBe(false)
    const raw = async (bytes: Uint8Array): Promise<Buffer> => (await decode(bytes)).data
    expect(await raw(sent!.bytes)).toEqual(await raw(clean))
    expect((await sharp(sent!.bytes).metadata()).xmp).toBeUndefined()
    // A WebP keeps the 18 bytes of its extended header.
    expect(sent!.bytes.length).toBeLessThanOrEqual(clean.length + 18)
  })

  test.each([
    ['a JPEG', async () => plain(40, 30).jpeg().toBuffer()],
    ['a PNG', async () => plain(40, 30).png().toBuffer()],
    ['a WebP', async () => plain(40, 30).webp().toBuffer()],
  ])('is sent as it is if it has no metadata: %s', async (_, create) => {
    const bytes = await create()
    const [sent] = await prepare(image(bytes))
    expect(Buffer.from(sent!.bytes).equals(bytes)).toBe(true)
  })

  test.each([
    ['a JPEG comment', async () => insertSegment(await plain(40, 30).jpeg().toBuffer(), 0xfe)],
    ['IPTC data', async () => insertSegment(await plain(40, 30).jpeg().toBuffer(), 0xed)],
    ['a preview', async () => insertSegment(await plain(40, 30).jpeg().toBuffer(), 0xe2)],
    [
      'an appended file',
      async () => Buffer.concat([await plain(40, 30).jpeg().toBuffer(), Buffer.from(SECRET)]),
    ],
    [
      'a text in a PNG',
      async () =>
        plain(40, 30)
          .png()
          .withExif({ IFD0: { Copyright: SECRET } })
          .toBuffer(),
    ],
  ])('is sent without %s', async (_, create) => {
    const bytes = await create()
    expect(bytes.includes(SECRET)).toBe(true)
    const [sent] = await prepare(image(bytes))
    expect(Buffer.from(sent!.bytes).includes(SECRET)).toBe(false)
    expect(await decode(sent!.bytes)).toMatchObject({ width: 40, height: 30 })
  })
})

/** Inserts a segment with the private text into a JPEG. */
function insertSegment(jpeg: Buffer, marker: number): Buffer {
  const segment = Buffer.concat([
    Buffer.from([0xff, marker, 0, SECRET.length + 2]),
    Buffer.from(SECRET),
  ])
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)])
}

describe('unusual pictures', () => {
  test.each([
    ['CMYK', async () => plain(40, 30).toColourspace('cmyk').jpeg().toBuffer()],
    ['16-bit', async () => plain(40, 30).toColourspace('rgb16').png().toBuffer()],
    ['a Display P3 photo', async () => plain(40, 30).withIccProfile('p3').jpeg().toBuffer()],
    ['a GIF', async () => plain(40, 30).gif().toBuffer()],
  ])('are sent as 8-bit sRGB: %s', async (_, create) => {
    const [sent] = await prepare(image(await create()))
    expect(await sharp(sent!.bytes).metadata()).toMatchObject({ space: 'srgb', depth: 'uchar' })
    expect(hasMetadata(sent!.bytes)).toBe(false)
  })

  test('are sent as a smaller JPEG if they are large photos', async () => {
    const [sent] = await prepare(image(await plain(8064, 6048).jpeg().toBuffer()))
    const { format, width } = await sharp(sent!.bytes).metadata()
    expect([format, width! < 5000]).toEqual(['jpeg', true])
  })

  test.each([1, 3, 6])('are sent complete without an end marker, orientation %i', async (turn) => {
    const bytes = await turnedPhoto({ ...photo, orientation: turn, format: 'jpeg' })
    const [sent] = await prepare(image(bytes.subarray(0, -2)))
    expect(hasMetadata(sent!.bytes)).toBe(false)
    expect(await sharp(sent!.bytes, { failOn: 'warning' }).stats()).toBeDefined()
    expect(await decode(sent!.bytes)).toMatchObject(photo)
  })

  test.each(['jpeg', 'png', 'webp'] as const)('are not sent truncated: %s', async (format) => {
    const bytes = await noise(200, 200)[format]().toBuffer()
    await expect(prepare(image(bytes.subarray(0, bytes.length * 0.8)))).rejects.toMatchObject({
      code: 'picture/unreadable',
      message: expect.stringMatching(/^The input picture photo\.jpg can't be read: /),
      hint: remedy,
    })
  })
})

describe('a mask', () => {
  test.each([
    ['of the size of its picture', 64, 32],
    ['of a smaller size', 32, 16],
    ['of a rounded size', 33, 16],
  ])('fits: %s', async (_, width, height) => {
    const bytes = await turnedPhoto({ ...photo, orientation: 6, format: 'jpeg' })
    const [, sent] = await prepare(image(bytes), mask(await plain(width, height).png().toBuffer()))
    expect(await sharp(sent!.bytes).metadata()).toMatchObject(photo)
  })

  test.each([
    ['square', 40, 40],
    ['upside down', 32, 64],
    ['a little wider', 68, 32],
  ])('with other proportions is reported: %s', async (_, width, height) => {
    const bytes = await turnedPhoto({ ...photo, orientation: 6, format: 'jpeg' })
    const sending = prepare(image(bytes), mask(await plain(width, height).png().toBuffer()))
    await expect(sending).rejects.toMatchObject({
      code: 'picture/unreadable',
      message: `The mask mask.png has other proportions (${width}x${height} px) than its picture photo.jpg (64x32 px).`,
      hint: 'Make the mask the size of its picture.',
    })
  })

  test('that is turned fits its upright picture', async () => {
    const bytes = await turnedPhoto({ ...photo, orientation: 1, format: 'png' })
    const turned = await turnedPhoto({ ...photo, orientation: 8, format: 'jpeg' })
    const [, sent] = await prepare(image(bytes), mask(turned))
    expect(await sharp(sent!.bytes).metadata()).toMatchObject(photo)
  })
})
