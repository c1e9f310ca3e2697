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

/** Returns the share of each of some colours and of each brightness step between neighbours. */
function shades({ width, data }: RawPicture): number[] {
  const bins = Array.from({ length: 64 + 16 }, () => 0)
  for (let i = 4; i < data.length; i += 4) {
    const [r, g, b] = [data[i]! >> 6, data[i + 1]! >> 6, data[i + 2]! >> 6]
    bins[r * 16 + g * 4 + b]! += 1
    const step = Math.abs(data[i]! - data[i - (i % (width * 4) === 0 ? 0 : 4)]!)
    bins[64 + Math.min(15, step >> 3)]! += 1
  }
  return bins.map((count) => (count * 4) / data.length)
}

function distance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / 2
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

  it.each(['vector', 'pencil sketch', 'woodcut', 'watercolor', 'vintage', 'black and white'])(
    'draws %s unlike the other styles',
    (style) => {
      const looks = [
        '',
        ', vector',
        ', pencil sketch',
        ', woodcut',
        ', watercolor',
        ', vintage',
        ', black and white',
      ]
        .filter((other) => other !== `, ${style}`)
        .map((other) => shades(draw(`A fox in a forest at noon${other}`)))
      const own = shades(draw(`A fox in a forest at noon, ${style}`))
      for (const look of looks) expect(distance(own, look)).toBeGreaterThan(0.08)
    },
  )

  it.each(['A bomb', 'A lamp-lit tent', '皇冠'])('shows a neutral card for %j', (prompt) => {
    const picture = draw(prompt, { width: 192, height: 128 })
    const spread = [...picture.data.keys()]
      .filter((i) => i % 4 === 0)
      .map(
        (i) =>
          Math.max(...picture.data.subarray(i, i + 3)) -
          Math.min(...picture.data.subarray(i, i + 3)),
      )
    expect(Math.max(...spread)).toBeLessThan(24)
  })

  it('writes the words of an unknown subject on its card', () => {
    const options = { width: 192, height: 128 }
    expect(changedShare(draw('A bomb', options), draw('A crown', options))).toBeGreaterThan(0.01)
    const font = { glyphOf: () => ({ shape: [0, 0, 0, 1, 1, 0, 1, 1, -1, 4], advance: 1 }) }
    expect(changedShare(draw('皇冠', options), draw('皇冠', { ...options, font }))).toBeGreaterThan(
      0.01,
    )
  })

  it.each(['Three steps', 'Five steps', 'Seven steps'])(
    'draws as many cards as %j has',
    (prompt) => {
      const count = { Three: 3, Five: 5, Seven: 7 }[prompt.split(' ')[0]!]!
      const picture = draw(`${prompt}, horizontal`, { width: 1200, height: 100 })
      // Along the middle row are the discs of the numbers and, between them, the arrows.
      const row = Array.from({ length: 1200 }, (_, x) => pixel(picture, x, 50))
      const isDisc = ([r, g, b]: number[]): boolean =>
        Math.max(r!, g!, b!) - Math.min(r!, g!, b!) > 50
      let discs = 0
      let gap = 99
      for (const color of row) {
        if (isDisc(color)) {
          if (gap > 40) discs++
          gap = 0
        } else gap++
      }
      expect(discs).toBe(count * 2 - 1)
    },
  )

  it('writes the words of the steps where it has the letters', () => {
    const options = { width: 480, height: 270 }
    const steps = (words: string): RawPicture => draw(`Three steps: ${words}`, options)
    expect(changedShare(steps('plan, build, ship'), steps('Ärger, œuvre, złoty'))).toBeGreaterThan(
      0.02,
    )
    const font = { glyphOf: () => ({ shape: [0, 0, 0, 1, 1, 0, 1, 1, -1, 4], advance: 1 }) }
    const chinese = '步骤：洗米、煮饭、盛盘'
    expect(
      changedShare(draw(chinese, options), draw(chinese, { ...options, font })),
    ).toBeGreaterThan(0.02)
  })

  it.each(['grey', 'red', 'black'])('gives a portrait %s hair', (color) => {
    const [r, g, b] = pixel(
      draw(`Portrait of a man with ${color} hair`, { width: 100, height: 100 }),
      56,
      17,
    ) as [number, number, number]
    if (color === 'red') expect(r).toBeGreaterThan(g * 1.5)
    else expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThan(40)
    if (color === 'black') expect(r).toBeLessThan(90)
    if (color === 'grey') expect(r).toBeGreaterThan(90)
  })

  it('draws a cap, a beard and a mouth within the beard', () => {
    const size = { width: 100, height: 100 }
    const shade = (prompt: string, x: number, y: number): number => {
      const [r, g, b] = pixel(draw(prompt, size), x, y) as [number, number, number]
      return r * 0.3 + g * 0.59 + b * 0.11
    }
    const [cr, , cb] = pixel(draw('Portrait of a man with a blue cap', size), 50, 14) as number[]
    expect(cb).toBeGreaterThan(cr! * 1.3)
    const bearded = 'Portrait of a man with a black beard'
    expect(shade(bearded, 50, 68)).toBeLessThan(80)
    expect(shade(bearded, 50, 59)).toBeGreaterThan(shade(bearded, 50, 68) + 25)
  })

  it.each(['the same in snow', 'A fox in a snowy forest', '下雪天的同一画面'])(
    'covers the ground with snow for the edit %j',
    (prompt) => {
      const base = draw('A fox in a forest at noon, summer', { width: 192, height: 128 })
      const snowy = draw(prompt, { width: 192, height: 128, base })
      const ground = (picture: RawPicture): number => {
        const colors = Array.from({ length: 40 }, (_, i) => pixel(picture, 20 + i, 112))
        return colors.reduce((sum, [r, , b]) => sum + r! + b!, 0) / colors.length
      }
      expect(ground(snowy)).toBeGreaterThan(ground(base) + 120)
    },
  )

  it('puts stars into the sky of a night edit, and none on a wall', () => {
    const size = { width: 192, height: 128 }
    const bright = (picture: RawPicture, dark: RawPicture): number =>
      [...picture.data.keys()].filter(
        (i) => i % 4 === 0 && picture.data[i]! > 150 && dark.data[i]! < 235,
      ).length
    const lake = draw('Mountains above a lake at noon', size)
    const mug = draw('A red mug on a white table', size)
    expect(bright(draw('the same at night', { ...size, base: lake }), lake)).toBeGreaterThan(20)
    expect(bright(draw('the same at night', { ...size, base: mug }), mug)).toBeLessThan(20)
  })

  it.each([
    'Furnish this floor plan as a living room',
    'Turn the sketch into a lighthouse by the sea',
    '按这张户型图布置客厅',
  ])('paints what the edit %j asks for, except where the mask protects the picture', (prompt) => {
    const base = draw('A floor plan')
    const edited = draw(prompt, { base })
    expect(changedShare(edited, base)).toBeGreaterThan(0.6)
    const mask = { width: 2, height: 1, data: Uint8Array.of(0, 0, 0, 255, 0, 0, 0, 0) }
    const half = draw(prompt, { base, mask })
    expect(pixel(half, 5, 10)).toEqual(pixel(base, 5, 10))
    expect(pixel(half, 90, 10)).toEqual(pixel(edited, 90, 10))
  })

  it.each(['A green sofa', 'a dark green velvet sofa', '一张绿色的沙发'])(
    'gives what a mask selects the colour of %j',
    (prompt) => {
      const base = draw('A grey mug on a white table')
      const mask = { width: 1, height: 1, data: Uint8Array.of(255, 255, 255, 0) }
      const [r, g, b] = pixel(draw(prompt, { base, mask }), 48, 36) as [number, number, number]
      expect(g).toBeGreaterThan(r)
      expect(g).toBeGreaterThan(b)
    },
  )
})
