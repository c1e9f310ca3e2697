import { crc32, deflateSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'

/** A picture of one colour. */
export function plain(width: number, height: number, background = '#f00'): Sharp {
  return sharp({ create: { width, height, channels: 3, background } })
}

/** A picture with a colour in each quarter, in reading order. */
export function quarters(width: number, height: number, colours: readonly string[]): Sharp {
  const half = { width: width / 2, height: height / 2, channels: 3 } as const
  return plain(width, height).composite(
    colours.map((background, index) => ({
      input: { create: { ...half, background } },
      left: index % 2 === 0 ? 0 : half.width,
      top: index < 2 ? 0 : half.height,
    })),
  )
}

/** A picture of noise, which no encoder compresses well. The same for the same size. */
export function noise(width: number, height: number): Sharp {
  const data = Buffer.alloc(width * height * 3)
  let state = 1
  for (let index = 0; index < data.length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    data[index] = state >>> 24
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
}

/** Formats that store how a picture is turned, and how a test writes them. */
export const turnedFormats = ['jpeg', 'png', 'webp', 'tiff', 'avif'] as const

/** The private text that test photos contain in every place that has room for it. */
export const SECRET = 'Limn Street 221B'

/**
 * Creates a photo that shows `width`x`height` px upright, whose top left quarter is red and the
 * rest blue, stored with an EXIF orientation (1 to 8).
 */
export async function turnedPhoto({
  width,
  height,
  orientation,
  format,
}: {
  width: number
  height: number
  orientation: number
  format: (typeof turnedFormats)[number]
}): Promise<Buffer> {
  const corner = await sharp({
    create: { width: width / 2, height: height / 2, channels: 3, background: '#f00' },
  })
    .png()
    .toBuffer()
  const upright = await sharp({ create: { width, height, channels: 3, background: '#00f' } })
    .composite([{ input: corner, left: 0, top: 0 }])
    .png()
    .toBuffer()
  const stored = await store(upright, orientation)
  const picture = sharp(stored)
  const encoded =
    format === 'jpeg'
      ? picture.jpeg({ chromaSubsampling: '4:4:4', quality: 100 })
      : picture[format]()
  return encoded
    .withExif({ IFD0: { Artist: SECRET }, IFD3: { GPSAreaInformation: SECRET } })
    .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>${SECRET}</a></x:xmpmeta>`)
    .withMetadata({ orientation })
    .toBuffer()
}

/** Turns an upright picture into what a camera stores for an orientation. */
async function store(upright: Buffer, orientation: number): Promise<Buffer> {
  const picture = sharp(upright)
  const mirrored = [2, 4, 5, 7].includes(orientation)
  const degrees = { 3: 180, 4: 180, 5: 270, 6: 270, 7: 90, 8: 90 }[orientation] ?? 0
  // The inverse of what a viewer does, which turns first and mirrors then.
  const flat = mirrored ? await picture.flop().png().toBuffer() : upright
  return degrees === 0 ? flat : sharp(flat).rotate(degrees).png().toBuffer()
}

/** Creates a PNG whose header claims a size, without the pixels. */
export function hugePng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2], 8)
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data])
    const frame = Buffer.alloc(8)
    frame.writeUInt32BE(data.length, 0)
    frame.writeUInt32BE(crc32(body), 4)
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
  }
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Creates a small grey JPEG file whose decoder goes over the whole picture once per scan. */
export function scanBomb(edge: number, scans: number): Buffer {
  const segment = (marker: number, data: readonly number[]): Buffer =>
    Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255, ...data])
  const oneCode = (table: number, symbol: number): Buffer =>
    segment(0xc4, [table, 1, ...Array<number>(15).fill(0), symbol])
  const blocks = Math.ceil(edge / 8) ** 2
  const [high, low] = [edge >> 8, edge & 255]
  // Every scan says in a few bytes that all of its 63 coefficients are 0.
  const scan = Buffer.concat([
    segment(0xda, [1, 1, 0, 1, 63, 0]),
    Buffer.alloc(Math.ceil((Math.ceil(blocks / 16_384) * 15) / 8) + 1),
  ])
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, [0, ...Array<number>(64).fill(1)]),
    segment(0xc2, [8, high, low, high, low, 1, 1, 0x11, 0]),
    oneCode(0x00, 0),
    oneCode(0x10, 0xe0),
    segment(0xda, [1, 1, 0, 0, 0, 0]),
    Buffer.alloc(Math.ceil(blocks / 8)),
    ...Array<Buffer>(scans).fill(scan),
    Buffer.from([0xff, 0xd9]),
  ])
}
