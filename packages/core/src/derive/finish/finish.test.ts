import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import type { Finish } from '../../manifest/finish.ts'
import type { Output } from '../../manifest/manifest.ts'
import { outputOf } from '../../manifest/testing.ts'
import { decode, type Pixels } from '../../pictures/decode.ts'
import { readMaster } from '../../pictures/read-master.ts'
import { noise, quarters } from '../../pictures/testing.ts'
import { openVector } from '../../pictures/vector.ts'
import { createCutter, createMasterCutter } from '../cutter.ts'

const base = outputOf({ file: 'x.png', width: 80, height: 60, format: 'png' })

const fourColours = await decode(
  await quarters(80, 60, ['#f00', '#0f0', '#00f', '#fff']).removeAlpha().png().toBuffer(),
)

async function cut(picture: Pixels, finish: Finish, changes: Partial<Output> = {}) {
  const { bytes, width, height } = await createCutter(picture)({ ...base, ...changes, finish })
  const pixels = await decode(bytes)
  expect([pixels.width, pixels.height]).toEqual([width, height])
  const at = (x: number, y: number): number[] => [
    ...pixels.data.subarray(
      (y * width + x) * pixels.channels,
      (y * width + x + 1) * pixels.channels,
    ),
  ]
  return { ...pixels, at, alpha: (x: number, y: number) => at(x, y)[3] }
}

/** The colours of the corners, from the top left clockwise. */
async function corners(finish: Finish, changes: Partial<Output> = {}): Promise<string> {
  const { width, height, at } = await cut(fourColours, finish, changes)
  const name = ([red, green, blue]: number[]): string =>
    red! > 200 && green! > 200
      ? 'white'
      : red! > 200
        ? 'red'
        : green! > 200
          ? 'green'
          : `blue${blue! > 200 ? '' : '?'}`
  return [at(3, 3), at(width - 4, 3), at(width - 4, height - 4), at(3, height - 4)]
    .map(name)
    .join(' ')
}

describe('turning and mirroring', () => {
  test.each<[Finish, string]>([
    [{ rotate: 90 }, 'blue red green white'],
    [{ rotate: 180 }, 'white blue red green'],
    [{ rotate: 270 }, 'green white blue red'],
    [{ flip: 'horizontal' }, 'green red blue white'],
    [{ flip: 'vertical' }, 'blue white green red'],
    [{ flip: 'both' }, 'white blue red green'],
    [{ rotate: 90, flip: 'horizontal' }, 'red blue white green'],
  ])('%o', async (finish, expected) => {
    const sideways = finish.rotate === 90 || finish.rotate === 270
    expect(await corners(finish, sideways ? { width: 60, height: 80 } : {})).toBe(expected)
  })

  test('keeps the size of the output, and the shape of the master where it has none', async () => {
    const cropped = await cut(fourColours, { rotate: 90 }, { width: 40, height: 20 })
    expect([cropped.width, cropped.height]).toEqual([40, 20])
    const free = { width: 30, height: 16_384, fit: 'inside' } as const
    const turned = await cut(fourColours, { rotate: 270 }, free)
    expect([turned.width, turned.height]).toEqual([30, 40])
  })
})

test('finishes every frame of an animation, and trims what no frame needs', async () => {
  const frames = await Promise.all(
    [4, 30, 50].map((left) =>
      sharp({ create: { width: 80, height: 60, channels: 4, background: '#fff' } })
        .composite([
          {
            input: { create: { width: 10, height: 20, channels: 4, background: '#c00' } },
            left,
            top: 8,
          },
        ])
        .png()
        .toBuffer(),
    ),
  )
  const gif = await sharp(frames, { join: { animated: true } })
    .gif({ delay: [100, 100, 100] })
    .toBuffer()
  const { bytes } = await createMasterCutter(await readMaster(gif))({
    ...base,
    format: 'gif',
    fit: 'inside',
    finish: { trim: 10, rotate: 90, grayscale: true },
  })
  const { pages, width, height } = await sharp(bytes).metadata()
  expect([pages, width, height]).toEqual([3, 20, 56])
  const { data } = await sharp(bytes, { page: 2 }).raw().toBuffer({ resolveWithObject: true })
  expect(data[0] === data[1] && data[1] === data[2]).toBe(true)
})

describe('colours', async () => {
  const { channels, data } = await cut(fourColours, { grayscale: true })
  test('removes all colour', () => {
    for (let at = 0; at < data.length; at += channels) {
      expect(data[at] === data[at + 1] && data[at] === data[at + 2]).toBe(true)
    }
  })

  test.each([
    ['#ff0000', 0],
    ['#00aa00', 1],
    ['#0000ff', 2],
  ])('tints a grey with %s and keeps its lightness', async (tint, channel) => {
    const grey = await decode(
      await sharp({ create: { width: 80, height: 60, channels: 3, background: '#808080' } })
        .png()
        .toBuffer(),
    )
    const colour = (await cut(grey, { tint })).at(5, 5)
    expect(Math.max(...colour)).toBe(colour[channel])
    expect(Math.max(...colour)).toBeGreaterThan(Math.min(...colour) + 60)
  })

  test.each([
    ['#102030', '#f0e0d0'],
    ['#ff00ff', '#00ff00'],
    ['#ffffff', '#000000'],
  ])('draws black in %s and white in %s', async (dark, light) => {
    const edges = await decode(
      await quarters(80, 60, ['#000', '#fff', '#000', '#fff']).removeAlpha().png().toBuffer(),
    )
    const { at } = await cut(edges, { duotone: [dark, light] })
    const hex = (colour: number[]): string => `#${Buffer.from(colour).toString('hex')}`
    expect([hex(at(5, 5)), hex(at(75, 5))]).toEqual([dark, light])
  })
})

/** Returns the mean difference of neighbouring pixels of a row. */
function detail({ data, width, channels }: Pixels): number {
  let sum = 0
  for (let x = 1; x < width; x++) sum += Math.abs(data[x * channels]! - data[(x - 1) * channels]!)
  return sum / width
}

test('blurs and sharpens by degrees', async () => {
  const picture = await decode(await noise(80, 60).png().toBuffer())
  const [plain, soft, softer, crisp] = await Promise.all(
    [{}, { blur: 1 }, { blur: 4 }, { sharpen: 2 }].map(async (finish) =>
      detail(await cut(picture, finish)),
    ),
  )
  expect(softer).toBeLessThan(soft! / 2)
  expect(soft).toBeLessThan(plain! / 2)
  expect(crisp).toBeGreaterThan(plain!)
})

describe('corners', () => {
  test.each([8, 20, 500])('rounds them by %d px', async (round) => {
    const { width, height, alpha } = await cut(fourColours, { round })
    const radius = Math.min(round, 30)
    const inset = Math.floor(radius * (1 - Math.SQRT1_2))
    for (const [x, y] of [
      [0, 0],
      [width - 1, 0],
      [0, height - 1],
      [width - 1, height - 1],
    ] as const) {
      expect(alpha(x, y)).toBe(0)
    }
    expect(alpha(inset + 2, inset + 2)).toBe(255)
    expect(alpha(Math.max(0, inset - 2), Math.max(0, inset - 2))).toBeLessThan(128)
    expect(alpha(40, 0)).toBe(255)
  })

  test.each([
    [60, 0],
    [61, 0],
    [100, 0.1],
  ])('cuts a circle out of %d px with a padding of %d', async (edge, padding) => {
    const { data, alpha } = await cut(
      fourColours,
      { circle: true },
      { width: edge, height: edge, padding },
    )
    const middle = Math.floor(edge / 2)
    const radius = edge / 2 - Math.round(edge * padding)
    let area = 0
    for (let at = 3; at < data.length; at += 4) area += data[at]! / 255
    if (padding === 0) expect(Math.abs(area - Math.PI * radius ** 2)).toBeLessThan(edge)
    expect(alpha(middle, middle)).toBe(255)
    expect(alpha(Math.ceil(edge / 2 + radius * 0.75), Math.ceil(edge / 2 + radius * 0.75))).toBe(0)
  })

  test('puts the background of a JPEG behind them, and scales them with icons', async () => {
    const jpeg = { format: 'jpeg', quality: 95, background: '#00ff00' } as const
    const corner = (await cut(fourColours, { round: 30 }, jpeg)).at(0, 0)
    expect(corner[1]! > 200 && corner[0]! < 60).toBe(true)
    const { bytes } = await createCutter(fourColours)({
      ...base,
      file: 'x.ico',
      format: 'ico',
      width: 48,
      height: 48,
      icons: [16, 48],
      finish: { round: 24 },
    })
    const first = bytes.subarray(bytes.readUInt32LE(18))
    const icon = await decode(first.subarray(0, bytes.readUInt32LE(14)))
    expect(icon.width).toBe(16)
    // A radius of 24 px at 48 px is one of 8 px at 16 px: a circle.
    expect([icon.data[3], icon.data[(8 * 16 + 8) * 4 + 3]]).toEqual([0, 255])
  })
})

describe('trimming', () => {
  const subject = (width: number, height: number, background: string, at: [number, number]) =>
    sharp({ create: { width, height, channels: 4, background } })
      .composite([
        {
          input: { create: { width: 40, height: 20, channels: 4, background: '#c00' } },
          left: at[0],
          top: at[1],
        },
      ])
      .png()
      .toBuffer()

  test.each<[string, [number, number]]>([
    ['#ffffff', [10, 50]],
    ['#00000000', [100, 3]],
    ['#123456', [0, 0]],
  ])('removes a border of %s', async (background, at) => {
    const picture = await decode(await subject(160, 90, background, at))
    const free = { width: 500, height: 16_384, fit: 'inside' } as const
    const { width, height } = await cut(picture, { trim: 10 }, free)
    expect([width, height]).toEqual([40, 20])
    const turned = await cut(picture, { trim: 10, rotate: 90 }, free)
    expect([turned.width, turned.height]).toEqual([20, 40])
    const square = await cut(picture, { trim: 10 }, { width: 20, height: 20 })
    expect(square.at(1, 1).slice(0, 3)).toEqual([204, 0, 0])
  })

  test('leaves a plain picture as it is', async () => {
    const plain = await decode(
      await sharp({ create: { width: 30, height: 20, channels: 3, background: '#0a0' } })
        .png()
        .toBuffer(),
    )
    const { width, height } = await cut(plain, { trim: 10 }, { fit: 'inside' })
    expect([width, height]).toEqual([30, 20])
  })

  test('draws an SVG without its border at the size of the output', async () => {
    const vector = await openVector(
      Buffer.from(
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect x="10" y="20" width="20" height="10" fill="#c00"/></svg>',
      ),
    )
    const original = {
      format: 'svg',
      bytes: Buffer.alloc(0),
      animation: () => Promise.resolve(undefined),
      vector,
      width: 40,
      height: 40,
    } as unknown as Parameters<typeof createCutter>[1]
    const pixels = await vector.render({ width: 400, height: 400 })
    for (const fit of ['inside', 'contain', 'cover'] as const) {
      const { bytes } = await createCutter(
        pixels,
        original,
      )({ ...base, fit, width: 200, height: 100, finish: { trim: 10 } })
      const { data, width, height } = await decode(bytes)
      expect([width, height, ...data.subarray(0, 3)]).toEqual([200, 100, 204, 0, 0])
    }
  })
})

describe('healing a tile', async () => {
  const gradient = (x2: number, y2: number): string =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="120"><defs><linearGradient id="g" x2="${x2}" y2="${y2}"><stop stop-color="#fff"/><stop offset="1" stop-color="#036"/></linearGradient></defs><rect width="160" height="120" fill="url(#g)"/></svg>`
  const pictures = await Promise.all(
    [gradient(1, 0), gradient(0, 1), gradient(1, 1)].map((svg) => decode(Buffer.from(svg))),
  )

  /** Returns the largest step between the opposite edges of a picture. */
  const seam = ({ data, width, height, channels }: Pixels): number => {
    let worst = 0
    const compare = (a: number, b: number): void => {
      worst = Math.max(worst, Math.abs(data[a * channels]! - data[b * channels]!))
    }
    for (let y = 0; y < height; y++) compare(y * width, y * width + width - 1)
    for (let x = 0; x < width; x++) compare(x, (height - 1) * width + x)
    return worst
  }

  test.each([0, 1, 2])('joins the edges of picture %d', async (index) => {
    const picture = pictures[index]!
    expect(seam(await cut(picture, {}))).toBeGreaterThan(100)
    for (const size of [{}, { width: 33, height: 77 }, { fit: 'inside', width: 50 }] as const) {
      expect(seam(await cut(picture, { heal: 'seam' }, size))).toBeLessThan(12)
    }
  })

  test('returns the same bytes twice', async () => {
    const picture = await decode(await noise(80, 60).png().toBuffer())
    const output = { ...base, finish: { heal: 'seam', blur: 2, round: 9 } } as const
    const [a, b] = await Promise.all([createCutter(picture)(output), createCutter(picture)(output)])
    expect(a.bytes.equals(b.bytes)).toBe(true)
  })
})
