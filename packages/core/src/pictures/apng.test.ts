import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { createCutter } from '../derive/cutter.ts'
import type { Output } from '../manifest/manifest.ts'
import { isApng, readApng } from './apng.ts'
import { readMaster } from './read-master.ts'

const SIZE = 8
const [NONE, BACKGROUND, PREVIOUS] = [0, 1, 2]

/** A frame in a test: a plain rectangle. */
type TestFrame = {
  colour: string
  /** left, top, width, height. Default: everything. */
  at?: [number, number, number, number]
  dispose?: number
  isOver?: boolean
  delay?: [numerator: number, denominator: number]
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

function numbers(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) buffer.writeUInt32BE(value, index * 4)
  return buffer
}

async function plain(colour: string, width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 4, background: colour } })
    .png()
    .toBuffer()
}

/** Returns the data of the first chunk of a type. */
function dataOf(png: Buffer, type: string): Buffer {
  const at = png.indexOf(type)
  return png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4))
}

/** Writes an animated PNG. With `poster`, its default picture is not part of the animation. */
async function apng(
  frames: readonly TestFrame[],
  { plays = 0, poster }: { plays?: number; poster?: string } = {},
): Promise<Buffer> {
  const first = await plain(poster ?? frames[0]!.colour, SIZE, SIZE)
  const parts = [
    first.subarray(0, 8),
    chunk('IHDR', dataOf(first, 'IHDR')),
    chunk('acTL', numbers(frames.length, plays)),
  ]
  if (poster !== undefined) parts.push(chunk('IDAT', dataOf(first, 'IDAT')))
  let sequence = 0
  for (const [index, frame] of frames.entries()) {
    const { colour, at = [0, 0, SIZE, SIZE], delay = [1, 10] } = frame
    const [left, top, width, height] = at
    const rest = Buffer.from([0, 0, 0, 0, frame.dispose ?? NONE, frame.isOver === true ? 1 : 0])
    rest.writeUInt16BE(delay[0], 0)
    rest.writeUInt16BE(delay[1], 2)
    parts.push(chunk('fcTL', Buffer.concat([numbers(sequence++, width, height, left, top), rest])))
    const data = dataOf(await plain(colour, width, height), 'IDAT')
    const isDefault = index === 0 && poster === undefined
    parts.push(
      isDefault ? chunk('IDAT', data) : chunk('fdAT', Buffer.concat([numbers(sequence++), data])),
    )
  }
  return Buffer.concat([...parts, chunk('IEND', Buffer.alloc(0))])
}

/** The colours of two pixels of each frame: the first one, and the one in the middle. */
async function coloursOf(bytes: Buffer): Promise<string[]> {
  const colours: string[] = []
  const middle = ((SIZE / 2) * SIZE + SIZE / 2) * 4
  for await (const { data } of readApng(bytes).frames()) {
    colours.push([0, middle].map((at) => data.toString('hex', at, at + 4)).join(' '))
  }
  return colours
}

const [RED, GREEN, BLUE, CLEAR] = ['ff0000ff', '00ff00ff', '0000ffff', '00000000']
const middle: TestFrame['at'] = [2, 2, 4, 4]

test.each<[string, TestFrame[], string[]]>([
  [
    'whole frames',
    [{ colour: '#f00' }, { colour: '#0f0' }, { colour: '#00f' }],
    [`${RED} ${RED}`, `${GREEN} ${GREEN}`, `${BLUE} ${BLUE}`],
  ],
  [
    'a part that stays',
    [{ colour: '#f00' }, { colour: '#0f0', at: middle }, { colour: '#00f', at: [0, 0, 1, 1] }],
    [`${RED} ${RED}`, `${RED} ${GREEN}`, `${BLUE} ${GREEN}`],
  ],
  [
    'a part that is cleared',
    [
      { colour: '#f00' },
      { colour: '#0f0', at: middle, dispose: BACKGROUND },
      { colour: '#00f', at: [0, 0, 1, 1] },
    ],
    [`${RED} ${RED}`, `${RED} ${GREEN}`, `${BLUE} ${CLEAR}`],
  ],
  [
    'a part that becomes what it was',
    [
      { colour: '#f00' },
      { colour: '#0f0', at: middle, dispose: PREVIOUS },
      { colour: '#00f', at: [0, 0, 1, 1] },
    ],
    [`${RED} ${RED}`, `${RED} ${GREEN}`, `${BLUE} ${RED}`],
  ],
  [
    'a transparent part over what is there, and in its place',
    [
      { colour: '#f00' },
      { colour: '#00ff0000', at: middle, isOver: true },
      { colour: '#00ff0000', at: middle },
    ],
    [`${RED} ${RED}`, `${RED} ${RED}`, `${RED} 00ff0000`],
  ],
])('shows %s', async (_, frames, expected) => {
  const colours = await coloursOf(await apng(frames))
  // Transparent pixels have no colour.
  expect(colours.map((text) => text.replace(/\w{6}00/g, CLEAR))).toEqual(
    expected.map((text) => text.replace(/\w{6}00/g, CLEAR)),
  )
})

test('reads delays, repetitions, and a default picture that is not a frame', async () => {
  const bytes = await apng(
    [
      { colour: '#0f0', delay: [1, 4] },
      { colour: '#00f', delay: [3, 0] },
    ],
    { plays: 2, poster: '#f00' },
  )
  expect(readApng(bytes)).toMatchObject({ delays: [250, 30], loop: 2, width: SIZE, height: SIZE })
  expect(await coloursOf(bytes)).toEqual([`${GREEN} ${GREEN}`, `${BLUE} ${BLUE}`])
})

test('cuts an animated PNG to an animated WebP', async () => {
  const master = await readMaster(await apng([{ colour: '#f00' }, { colour: '#0f0' }]))
  expect(master).toMatchObject({ format: 'png', frames: 2 })
  const output = { width: 4, height: 4, format: 'webp', quality: 80, fit: 'cover' } as Output
  const rest = { position: 'centre', background: null, maxBytes: null, dpi: null, padding: 0 }
  const { bytes } = await createCutter(master.pixels, { original: master })({
    ...output,
    ...rest,
  } as Output)
  expect(await sharp(bytes).metadata()).toMatchObject({
    format: 'webp',
    pages: 2,
    delay: [100, 100],
  })
})

test('does not take a still PNG for an animated one', async () => {
  expect(isApng(await plain('#f00', 2, 2))).toBe(false)
  expect(isApng(await apng([{ colour: '#f00' }]))).toBe(false)
  expect(isApng(Buffer.from('GIF89a'))).toBe(false)
})

test.each([
  ['a part outside the picture', [{ colour: '#f00' }, { colour: '#0f0', at: [6, 6, 4, 4] }]],
  ['a part of no size', [{ colour: '#f00' }, { colour: '#0f0', at: [0, 0, 1, 1] }]],
] as [string, TestFrame[]][])('rejects %s', async (kind, frames) => {
  const bytes = await apng(frames)
  if (kind.includes('no size')) bytes.writeUInt32BE(0, bytes.lastIndexOf('fcTL') + 8)
  await expect(readMaster(bytes)).rejects.toMatchObject({ code: 'picture/unreadable' })
})
