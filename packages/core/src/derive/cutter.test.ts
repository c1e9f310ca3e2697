import { gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { outputOf } from '../manifest/testing.ts'
import { decode, inspectPicture, type Pixels } from '../pictures/decode.ts'
import { noise, quarters } from '../pictures/testing.ts'
import { createThumbhash } from '../pictures/thumbhash.ts'
import { findRegion } from './crop.ts'
import { createCutter } from './cutter.ts'

const base = outputOf({ file: 'x.png', width: 100, height: 100, format: 'png', provenance: true })

/** Creates four plain quarters: red and green above blue and white. */
function fourColours(width: number, height: number): Promise<Buffer> {
  return quarters(width, height, ['#f00', '#0f0', '#00f', '#fff']).removeAlpha().png().toBuffer()
}

async function disc(): Promise<Buffer> {
  return sharp(
    Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"><circle cx="100" cy="100" r="60" fill="#0a0"/></svg>',
    ),
  )
    .png()
    .toBuffer()
}

async function colourAt(bytes: Buffer, x: number, y: number): Promise<string> {
  const { data, info } = await sharp(bytes)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const at = (y * info.width + x) * 4
  return [...data.subarray(at, at + 4)]
    .map((value) => (value < 40 ? '0' : value > 215 ? 'f' : '8'))
    .join('')
}

describe('cutting', async () => {
  const wide = await decode(await fourColours(400, 200))
  const round = await decode(await disc())

  test.each(['avif', 'webp', 'jpeg', 'png'] as const)(
    'cuts a %s to the exact size and marks it as AI-generated',
    async (format) => {
      const { bytes, width, height } = await createCutter(wide)({
        ...base,
        format,
        quality: format === 'png' ? null : 60,
        width: 97,
        height: 53,
      })
      const facts = await sharp(bytes).metadata()
      expect([facts.width, facts.height, width, height]).toEqual([97, 53, 97, 53])
      expect(facts.format).toBe(format === 'avif' ? 'heif' : format)
      expect(facts.xmp?.toString()).toContain(
        'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
      )
    },
  )

  test.each(['avif', 'webp', 'jpeg', 'png'] as const)(
    'omits the AI mark from a %s if provenance is off',
    async (format) => {
      const { bytes } = await createCutter(wide)({
        ...base,
        format,
        quality: format === 'png' ? null : 60,
        provenance: false,
      })
      expect((await sharp(bytes).metadata()).xmp).toBeUndefined()
      expect(bytes.includes('trainedAlgorithmicMedia')).toBe(false)
    },
  )

  test.each([
    [1, 1],
    [1, 500],
    [500, 1],
    [333, 127],
    [800, 800],
    [16, 9],
  ])('cuts to exactly %dx%d, larger or smaller than the master', async (width, height) => {
    const facts = await sharp(
      (await createCutter(wide)({ ...base, width, height })).bytes,
    ).metadata()
    expect([facts.width, facts.height]).toEqual([width, height])
  })

  test('returns the same bytes twice', async () => {
    for (const format of ['webp', 'jpeg', 'png'] as const) {
      const [one, two] = await Promise.all([
        createCutter(wide)({ ...base, format, quality: 80 }),
        createCutter(wide)({ ...base, format, quality: 80 }),
      ])
      expect(one.bytes.equals(two.bytes), format).toBe(true)
    }
  })

  test.each([
    [0, 'f00f', 'f00f'],
    [0.5, 'f00f', '0f0f'],
    [0.9, '0f0f', '0f0f'],
  ])('keeps a point at %f of the width in the middle of a crop', async (x, left, right) => {
    const cut = createCutter(wide)
    const square = { ...base, width: 50, height: 50 }
    // Another shape first, as the region of each is computed once.
    await cut({ ...square, position: { x: 1 - x, y: 0.5 } })
    const { bytes } = await cut({ ...square, position: { x, y: 0.5 } })
    expect([await colourAt(bytes, 10, 10), await colourAt(bytes, 40, 10)]).toEqual([left, right])
  })

  test('crops to the side that the position names', async () => {
    const cut = createCutter(wide)
    const square = { ...base, width: 50, height: 50 }
    expect(await colourAt((await cut({ ...square, position: 'left' })).bytes, 10, 10)).toBe('f00f')
    expect(await colourAt((await cut({ ...square, position: 'right' })).bytes, 40, 10)).toBe('0f0f')
    const centre = (await cut({ ...square, position: 'centre' })).bytes
    expect([await colourAt(centre, 10, 10), await colourAt(centre, 40, 10)]).toEqual([
      'f00f',
      '0f0f',
    ])
  })

  test('pads with contain: transparent by default, white in a JPEG, or in the given colour', async () => {
    const cut = createCutter(wide)
    const padded = { ...base, fit: 'contain' } as const
    expect(await colourAt((await cut(padded)).bytes, 50, 5)).toBe('0000')
    expect(await colourAt((await cut(padded)).bytes, 20, 40)).toBe('f00f')
    expect(
      await colourAt((await cut({ ...padded, format: 'jpeg', quality: 90 })).bytes, 50, 5),
    ).toBe('ffff')
    expect(await colourAt((await cut({ ...padded, background: '#ff0000' })).bytes, 50, 5)).toBe(
      'f00f',
    )
  })

  test('keeps the whole picture with inside and never enlarges it', async () => {
    const cut = createCutter(wide)
    expect(await cut({ ...base, fit: 'inside' })).toMatchObject({ width: 100, height: 50 })
    expect(await cut({ ...base, fit: 'inside', width: 4000, height: 4000 })).toMatchObject({
      width: 400,
      height: 200,
    })
  })

  test('keeps transparency if the format supports it, and fills the background otherwise', async () => {
    const cut = createCutter(round)
    for (const format of ['png', 'webp', 'avif'] as const) {
      const { bytes } = await cut({ ...base, format, quality: format === 'png' ? null : 90 })
      expect(await colourAt(bytes, 2, 2), format).toMatch(/0$/)
      expect(await colourAt(bytes, 50, 50), format).toBe('080f')
    }
    expect(await colourAt((await cut({ ...base, format: 'jpeg', quality: 90 })).bytes, 2, 2)).toBe(
      'ffff',
    )
    expect(
      await colourAt(
        (await cut({ ...base, format: 'jpeg', quality: 90, background: '#0000ff' })).bytes,
        2,
        2,
      ),
    ).toBe('00ff')
    expect(
      await colourAt(
        (await cut({ ...base, format: 'webp', quality: 90, background: '#0000ff' })).bytes,
        2,
        2,
      ),
    ).toBe('00ff')
  })

  test('does not change the pixels of the master', async () => {
    const before = Buffer.from(wide.data)
    await Promise.all([
      createCutter(wide)({ ...base, position: 'attention' }),
      createCutter(wide)({ ...base, fit: 'contain', background: '#f00' }),
    ])
    expect(wide.data.equals(before)).toBe(true)
  })
})

describe('the region of a crop', async () => {
  const master = (width: number, height: number): Pixels => ({
    data: Buffer.alloc(width * height * 3, 128),
    width,
    height,
    channels: 3,
  })

  test.each([
    [
      'a square of a wide picture',
      400,
      200,
      { width: 50, height: 50, position: 'centre' },
      { left: 100, top: 0, width: 200, height: 200 },
    ],
    [
      'its left',
      400,
      200,
      { width: 50, height: 50, position: 'left' },
      { left: 0, top: 0, width: 200, height: 200 },
    ],
    [
      'its right',
      400,
      200,
      { width: 50, height: 50, position: 'right' },
      { left: 200, top: 0, width: 200, height: 200 },
    ],
    [
      'the top of a tall one',
      200,
      400,
      { width: 50, height: 50, position: 'top' },
      { left: 0, top: 0, width: 200, height: 200 },
    ],
    [
      'the bottom of a tall one',
      200,
      400,
      { width: 50, height: 50, position: 'bottom' },
      { left: 0, top: 200, width: 200, height: 200 },
    ],
    [
      'the whole of the same shape',
      400,
      200,
      { width: 100, height: 50, position: 'attention' },
      { left: 0, top: 0, width: 400, height: 200 },
    ],
    [
      'the whole of nearly the same shape',
      1088,
      1920,
      { width: 1088, height: 1919, position: 'attention' },
      { left: 0, top: 0, width: 1088, height: 1919 },
    ],
  ] as const)('is %s', async (_, width, height, output, region) => {
    expect(await findRegion(master(width, height), output)).toEqual(region)
  })

  test.each(['attention', 'entropy'] as const)(
    'stays inside the picture with %s',
    async (position) => {
      for (const [width, height] of [
        [700, 301],
        [301, 700],
        [1201, 640],
        [64, 1],
      ] as const) {
        for (const output of [
          { width: 100, height: 99 },
          { width: 1, height: 3 },
          { width: 3, height: 1 },
        ]) {
          const region = await findRegion(master(width, height), { ...output, position })
          expect(region.left).toBeGreaterThanOrEqual(0)
          expect(region.top).toBeGreaterThanOrEqual(0)
          expect(region.left + region.width).toBeLessThanOrEqual(width)
          expect(region.top + region.height).toBeLessThanOrEqual(height)
        }
      }
    },
  )

  test('finds the salient part', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="300"><rect width="900" height="300" fill="#ddd"/><circle cx="760" cy="150" r="90" fill="#e01010"/><circle cx="760" cy="150" r="40" fill="#ffe000"/></svg>'
    const { left } = await findRegion(
      await decode(await sharp(Buffer.from(svg)).png().toBuffer()),
      { width: 100, height: 100, position: 'attention' },
    )
    expect(left).toBeGreaterThan(450)
  })
})

describe('decoding', () => {
  test.each([
    ['png', 'png'],
    ['jpeg', 'jpg'],
    ['webp', 'webp'],
    ['avif', 'avif'],
    ['gif', 'gif'],
    ['tiff', 'tiff'],
  ] as const)('reads the type and size of a %s from its bytes', async (format, extension) => {
    const bytes = await sharp(await fourColours(40, 20))
      .toFormat(format)
      .toBuffer()
    expect(await inspectPicture(bytes)).toEqual({ format, extension, width: 40, height: 20 })
    expect(await decode(bytes)).toMatchObject({
      width: 40,
      height: 20,
      channels: format === 'gif' ? 4 : 3,
    })
  })

  test('decodes any picture to three or four 8-bit channels', async () => {
    const picture = await fourColours(40, 20)
    expect(await decode(await sharp(picture).greyscale().png().toBuffer())).toMatchObject({
      channels: 3,
    })
    expect(
      (await decode(await sharp(picture).toColourspace('rgb16').png().toBuffer())).data.length,
    ).toBe(40 * 20 * 3)
    expect((await decode(await sharp(picture).png({ palette: true }).toBuffer())).data.length).toBe(
      40 * 20 * 3,
    )
    expect(
      await decode(
        await sharp(await disc())
          .greyscale()
          .png()
          .toBuffer(),
      ),
    ).toMatchObject({ channels: 4 })
    expect(
      await decode(await sharp(picture).jpeg().withMetadata({ orientation: 6 }).toBuffer()),
    ).toMatchObject({ width: 20, height: 40 })
  })

  test.each(['png', 'jpeg', 'webp'] as const)('rejects a truncated %s', async (format) => {
    const bytes = await noise(120, 120).toFormat(format).toBuffer()
    for (const part of [0.3, 0.9]) {
      await expect(
        decode(bytes.subarray(0, Math.floor(bytes.length * part))),
      ).rejects.toMatchObject({ code: 'picture/unreadable', hint: expect.any(String) })
    }
  })

  test.each([
    ['an empty file', Buffer.alloc(0)],
    ['text', Buffer.from('<html><body>502</body></html>')],
    ['a gzipped SVG', gzipSync('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>')],
    ['a header alone', Buffer.from('89504e470d0a1a0a', 'hex')],
  ])('rejects %s', async (_, bytes) => {
    await expect(inspectPicture(bytes)).rejects.toMatchObject({
      name: 'LimnError',
      code: 'picture/unreadable',
    })
  })
})

test('encodes the colours of a picture in a short ThumbHash', async () => {
  const hash = await createThumbhash(await decode(await fourColours(400, 200)))
  expect(Buffer.from(hash, 'base64').length).toBeLessThan(40)
  expect(await createThumbhash(await decode(await fourColours(400, 200)))).toBe(hash)
  expect(await createThumbhash(await decode(await disc()))).not.toBe(hash)
})
