import { crc32 } from 'node:zlib'
import { type Pixels, readPixels } from './pixels.ts'

/*
 * Reads animated PNGs, of which sharp reads the first frame. Source: the PNG specification, third
 * edition.
 */

/** An animated PNG. */
type Apng = {
  width: number
  height: number
  /** Duration of each frame as written, ms. */
  delays: number[]
  /** Number of times that it plays; 0 means forever. */
  loop: number
  /** Decodes the frames in order, each as it is shown. */
  frames(): AsyncGenerator<Pixels>
}

type Chunk = { type: string; data: Buffer }

/** A frame: the part of the picture that it changes, and how. */
type Frame = {
  left: number
  top: number
  width: number
  height: number
  delay: number
  /** What happens to the part after the frame: it stays, is cleared, or becomes what it was. */
  dispose: 'none' | 'background' | 'previous'
  /** Whether the part is drawn over what is there, or replaces it. */
  isOver: boolean
  data: Buffer[]
}

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')

/** Returns whether bytes are a PNG with more than one frame. */
export function isApng(bytes: Uint8Array): boolean {
  if (!SIGNATURE.equals(bytes.subarray(0, 8))) return false
  for (const { type, data } of chunksOf(bytes)) {
    if (type === 'acTL') return data.length >= 8 && data.readUInt32BE(0) > 1
    if (type === 'IDAT') return false
  }
  return false
}

/** Reads an animated PNG. @throws Error if it is damaged */
export function readApng(bytes: Uint8Array): Apng {
  // Chunks that every frame needs to be decoded: palette, transparency, colour space.
  const shared: Chunk[] = []
  const frames: Frame[] = []
  let header: Buffer | undefined
  let loop = 0
  for (const { type, data } of chunksOf(bytes)) {
    if (type === 'IHDR') header = data
    else if (type === 'acTL') loop = data.readUInt32BE(4)
    else if (type === 'fcTL') frames.push(parseFrame(data))
    // Without a frame of its own, the default picture is not part of the animation.
    else if (type === 'IDAT') frames.at(-1)?.data.push(data)
    else if (type === 'fdAT') frames.at(-1)?.data.push(data.subarray(4))
    else if (frames.length <= 1 && type !== 'IEND') shared.push({ type, data })
  }
  if (header === undefined || frames.length === 0) throw new Error('it is damaged')
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  for (const frame of frames) {
    const isInside = frame.left + frame.width <= width && frame.top + frame.height <= height
    if (!isInside || frame.width === 0 || frame.height === 0) throw new Error('it is damaged')
  }
  return {
    width,
    height,
    delays: frames.map(({ delay }) => delay),
    loop,
    frames: () => showFrames(frames, { width, height, header: header!, shared }),
  }
}

function* chunksOf(bytes: Uint8Array): Generator<Chunk> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 8; at + 12 <= buffer.length;) {
    const end = at + 8 + buffer.readUInt32BE(at)
    if (end + 4 > buffer.length) return
    yield { type: buffer.toString('latin1', at + 4, at + 8), data: buffer.subarray(at + 8, end) }
    at = end + 4
  }
}

const DISPOSALS: readonly Frame['dispose'][] = ['none', 'background', 'previous']

function parseFrame(data: Buffer): Frame {
  const [numerator, denominator] = [data.readUInt16BE(20), data.readUInt16BE(22) || 100]
  return {
    width: data.readUInt32BE(4),
    height: data.readUInt32BE(8),
    left: data.readUInt32BE(12),
    top: data.readUInt32BE(16),
    delay: Math.round((1000 * numerator) / denominator),
    dispose: DISPOSALS[data[24]!] ?? 'none',
    isOver: data[25] === 1,
    data: [],
  }
}

type Still = { width: number; height: number; header: Buffer; shared: readonly Chunk[] }

async function* showFrames(
  frames: readonly Frame[],
  { width, height, ...still }: Still,
): AsyncGenerator<Pixels> {
  const canvas = Buffer.alloc(width * height * 4)
  for (const [index, frame] of frames.entries()) {
    const before = frame.dispose === 'previous' ? Buffer.from(canvas) : undefined
    const pixels = await readPixels(formatFrame(frame, still))
    draw(canvas, width, { frame, pixels })
    yield { data: Buffer.from(canvas), width, height, channels: 4 }
    // Nothing precedes the first frame: to restore it means to clear it.
    if (frame.dispose === 'background' || (frame.dispose === 'previous' && index === 0)) {
      clear(canvas, width, frame)
    } else if (before !== undefined) before.copy(canvas)
  }
}

/** Formats a frame as a PNG file of its own. */
function formatFrame(
  { width, height, data }: Frame,
  { header, shared }: Pick<Still, 'header' | 'shared'>,
): Buffer {
  const own = Buffer.from(header)
  own.writeUInt32BE(width, 0)
  own.writeUInt32BE(height, 4)
  return Buffer.concat([
    SIGNATURE,
    formatChunk('IHDR', own),
    ...shared.map((chunk) => formatChunk(chunk.type, chunk.data)),
    ...data.map((part) => formatChunk('IDAT', part)),
    formatChunk('IEND', Buffer.alloc(0)),
  ])
}

function formatChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** Draws a frame on a canvas of RGBA pixels with straight alpha. */
function draw(
  canvas: Buffer,
  canvasWidth: number,
  { frame: { left, top, isOver }, pixels }: { frame: Frame; pixels: Pixels },
): void {
  const { data, width, height, channels } = pixels
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * channels
      const to = ((top + y) * canvasWidth + left + x) * 4
      const alpha = channels === 4 ? data[from + 3]! : 255
      const under = isOver ? (canvas[to + 3]! * (255 - alpha)) / 255 : 0
      const sum = alpha + under
      for (let channel = 0; channel < 3; channel++) {
        canvas[to + channel] =
          sum === 0
            ? 0
            : Math.round((data[from + channel]! * alpha + canvas[to + channel]! * under) / sum)
      }
      canvas[to + 3] = Math.round(sum)
    }
  }
}

function clear(canvas: Buffer, canvasWidth: number, { left, top, width, height }: Frame): void {
  for (let y = top; y < top + height; y++) {
    const start = (y * canvasWidth + left) * 4
    canvas.fill(0, start, start + width * 4)
  }
}
