import { fromPixels, type Pixels } from './decode.ts'

/** How two pictures differ. */
export type Difference = {
  /** Share of the pixels that look different, 0 to 1. */
  share: number
  /** Size at which they were compared, px. */
  width: number
  height: number
  /** For each pixel, row by row, how different it looks: 0 to 255. */
  map: Uint8Array
}

/** Longest edge at which pictures are compared, px: noise of an encoder averages out. */
const MAX_EDGE = 512
/** Difference of two aspect ratios up to which a picture has the same shape. */
const SAME_SHAPE = 0.02
/** From this distance of 0 to 1 on, a pixel looks different. */
const VISIBLE = 0.06
/** The greatest squared distance of two colours: black and white. */
const MAX_DISTANCE = 35_215

/**
 * Compares two pictures of the same shape pixel by pixel, at no more than 512 px. Weighs colours as
 * people see them (YIQ), each on white and on black, so that transparency counts too.
 *
 * @returns `undefined` if their shapes differ
 */
export async function measureDifference(
  before: Pixels,
  after: Pixels,
): Promise<Difference | undefined> {
  const ratio = (before.width / before.height) * (after.height / after.width)
  if (Math.abs(Math.log(ratio)) > SAME_SHAPE) return undefined
  const size = commonSize(before, after)
  const [a, b] = await Promise.all([before, after].map((pixels) => scaleTo(pixels, size)))
  const { width, height } = size
  const map = new Uint8Array(width * height)
  let changed = 0
  for (let pixel = 0; pixel < map.length; pixel++) {
    const distance = Math.sqrt(squaredDistance(a!, b!, pixel * 4) / MAX_DISTANCE)
    if (distance >= VISIBLE) changed++
    map[pixel] = Math.min(255, Math.round(distance * 255))
  }
  return { share: changed / map.length, width, height, map }
}

type Size = Pick<Pixels, 'width' | 'height'>

/** The size of the smaller picture, or less. */
function commonSize(a: Size, b: Size): Size {
  const { width, height } = a.width * a.height <= b.width * b.height ? a : b
  const scale = Math.min(1, MAX_EDGE / Math.max(width, height))
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  }
}

/** Scales a picture to RGBA of a size. */
async function scaleTo(pixels: Pixels, { width, height }: Size): Promise<Uint8Array> {
  const picture = fromPixels(pixels).ensureAlpha()
  return picture.resize({ width, height, fit: 'fill' }).raw().toBuffer()
}

/** The squared distance of the pixels at an offset, on white or on black, whichever is greater. */
function squaredDistance(a: Uint8Array, b: Uint8Array, at: number): number {
  const alphaA = a[at + 3]! / 255
  const alphaB = b[at + 3]! / 255
  const red = a[at]! * alphaA - b[at]! * alphaB
  const green = a[at + 1]! * alphaA - b[at + 1]! * alphaB
  const blue = a[at + 2]! * alphaA - b[at + 2]! * alphaB
  const onBlack = weigh(red, green, blue)
  if (alphaA === alphaB) return onBlack
  const shift = 255 * (alphaB - alphaA)
  return Math.max(onBlack, weigh(red + shift, green + shift, blue + shift))
}

/** Weighs a difference in RGB. Kotsarenko and Ramos, 2010. */
function weigh(r: number, g: number, b: number): number {
  const y = r * 0.29889531 + g * 0.58662247 + b * 0.11448223
  const i = r * 0.59597799 - g * 0.2741761 - b * 0.32180189
  const q = r * 0.21147017 - g * 0.52261711 + b * 0.31114694
  return 0.5053 * y * y + 0.299 * i * i + 0.1957 * q * q
}

/** Whether any pixel of a picture is transparent. */
export async function isTransparent(pixels: Pixels): Promise<boolean> {
  if (pixels.channels === 3) return false
  const { channels } = await fromPixels(pixels).stats()
  return channels[3]!.min < 255
}

/** Draws a picture pale, and what differs from another one in magenta; as WebP. */
export async function drawDifference(
  after: Pixels,
  { width, height, map }: Difference,
): Promise<Buffer> {
  const grey = await fromPixels(after)
    .flatten({ background: '#ffffff' })
    .resize({ width, height, fit: 'fill' })
    .greyscale()
    .raw()
    .toBuffer()
  const data = Buffer.alloc(width * height * 3)
  for (let pixel = 0; pixel < map.length; pixel++) {
    const pale = 255 - (255 - grey[pixel]!) * 0.22
    const strength = map[pixel]! / 255 < VISIBLE ? 0 : Math.min(1, 0.45 + map[pixel]! / 255)
    const target = [214, 0, 120]
    for (let channel = 0; channel < 3; channel++) {
      data[pixel * 3 + channel] = Math.round(pale + (target[channel]! - pale) * strength)
    }
  }
  return fromPixels({ data, width, height, channels: 3 }).webp({ quality: 80 }).toBuffer()
}
