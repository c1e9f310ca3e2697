import sharp from 'sharp'
import { LimnError } from '../errors.ts'
import type { Input } from '../manifest/manifest.ts'
import type { MaskPolarity } from '../models/servers.ts'
import { decode, fromPixels } from './decode.ts'
import type { InputPicture } from './input-picture.ts'
import type { Pixels } from './pixels.ts'
import { type RasterFacts, readFacts } from './read-facts.ts'
import { removeMetadata } from './remove-metadata.ts'
import { nameUnreadable } from './unreadable-picture.ts'

/** An input picture as read from its file. */
export type RawInput = {
  role: Input['role']
  bytes: Uint8Array
  /** Path of the file, as messages show it. */
  path: string
  /** What to do if the file is damaged, one sentence. */
  remedy: string
}

type Size = { width: number; height: number }

/**
 * Converts input pictures to forms that models accept: PNG, JPEG or WebP, upright, 8-bit sRGB and
 * without metadata such as the place where a photo was taken. Each picture is decoded completely,
 * so that nobody pays for half of one. A mask becomes a PNG of the first picture's size, whose
 * alpha is 0 where the picture may change; markup keeps its colours.
 *
 * @param polarities of the servers that may receive the request: a mask also gets an opaque grey
 *   PNG for each of them except `alpha`
 * @throws LimnError `picture/unreadable`
 */
export async function prepareInputs(
  inputs: readonly RawInput[],
  polarities: readonly MaskPolarity[] = [],
): Promise<InputPicture[]> {
  const prepared: InputPicture[] = []
  let first: { size: Size; path: string } | undefined
  // One after the other: the pixels of each are in memory. The picture comes before its mask.
  for (const input of inputs) {
    try {
      if (input.role === 'mask') {
        prepared.push(await prepareMask(input, { first, polarities }))
        continue
      }
      if (input.role === 'markup') {
        prepared.push(await prepareMarkup(input, first))
        continue
      }
      const { picture, size } = await preparePicture(input)
      if (input.role === 'image') first ??= { size, path: input.path }
      prepared.push(picture)
    } catch (error) {
      throw nameUnreadable(error, `The input picture ${input.path}`, input.remedy)
    }
  }
  return prepared
}

async function preparePicture({
  role,
  bytes,
}: RawInput): Promise<{ picture: InputPicture; size: Size }> {
  const facts = await readFacts(bytes)
  const pixels = await decode(bytes)
  const { width, height } = pixels
  return {
    picture: {
      role,
      ...((await keepEncoding(bytes, facts, pixels)) ?? (await encode(pixels, facts))),
    },
    size: { width, height },
  }
}

type Encoded = Pick<InputPicture, 'format' | 'bytes'>

/** Returns the picture as it is encoded; `undefined` if its pixels have to change. */
async function keepEncoding(
  bytes: Uint8Array,
  { format, isPlain, width, height }: RasterFacts,
  pixels: Pixels,
): Promise<Encoded | undefined> {
  const isSent = format === 'png' || format === 'jpeg' || format === 'webp'
  if (!isSent || !isPlain || pixels.width !== width || pixels.height !== height) return undefined
  const kept = removeMetadata(bytes, format)
  return kept && { format, bytes: kept }
}

/** More pixels than this are sent as JPEG: as PNG, a photo would exceed the limits of servers. */
const MAX_PNG_PIXELS = 12_000_000

/** Encodes pixels: a photo as JPEG, anything else without loss. */
async function encode(pixels: Pixels, { format }: RasterFacts): Promise<Encoded> {
  const isLarge = pixels.width * pixels.height > MAX_PNG_PIXELS
  const picture = fromPixels(pixels)
  return pixels.channels === 3 && (format === 'jpeg' || isLarge)
    ? {
        format: 'jpeg',
        bytes: await picture.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(),
      }
    : { format: 'png', bytes: await picture.png().toBuffer() }
}

async function prepareMask(
  { role, bytes, path }: RawInput,
  {
    first,
    polarities,
  }: { first: { size: Size; path: string } | undefined; polarities: readonly MaskPolarity[] },
): Promise<InputPicture> {
  const pixels = await decode(bytes)
  if (first !== undefined) requireSameShape({ size: pixels, path }, first)
  const mask = await createAlphaMask(pixels, first?.size)
  const masks = await Promise.all(
    polarities
      .filter((polarity) => polarity !== 'alpha')
      .map(async (polarity) => [polarity, await createGreyMask(mask, polarity)] as const),
  )
  const picture: InputPicture = { role, format: 'png', bytes: mask }
  return masks.length === 0 ? picture : { ...picture, masks: Object.fromEntries(masks) }
}

/** Makes markup fit its picture: a PNG of the picture's size, with its colours. */
async function prepareMarkup(
  { role, bytes, path }: RawInput,
  first: { size: Size; path: string } | undefined,
): Promise<InputPicture> {
  const pixels = await decode(bytes)
  if (first !== undefined) requireSameShape({ size: pixels, path }, first, 'markup')
  const { data, channels, width, height } = pixels
  const alphaAt = (isWanted: (alpha: number) => boolean): boolean =>
    channels === 4 && data.some((value, index) => index % 4 === 3 && isWanted(value))
  if (!alphaAt((alpha) => alpha < 255)) {
    throw markupUnusable(path, 'has no transparent pixels, so it would hide the picture')
  }
  if (!alphaAt((alpha) => alpha > 0)) throw markupUnusable(path, 'is transparent everywhere')
  const size = first?.size ?? { width, height }
  const markup = fromPixels(pixels)
  const fitted =
    size.width === width && size.height === height
      ? markup
      : markup.resize(size.width, size.height, { fit: 'fill' })
  return { role, format: 'png', bytes: await fitted.png().toBuffer() }
}

function markupUnusable(path: string, problem: string): LimnError {
  return new LimnError('picture/unreadable', `The markup ${path} ${problem}.`, {
    hint: 'Draw on an empty, transparent layer of the size of the picture, and save it as PNG.',
  })
}

/** The most by which the proportions of a mask may differ: those of a rounded or thumbnail size. */
const MAX_DIFFERENCE = 0.01

/** @throws LimnError `picture/unreadable` if a mask or markup has other proportions than its picture */
export function requireSameShape(
  mask: { size: Size; path: string },
  picture: { size: Size; path: string },
  kind: 'mask' | 'markup' = 'mask',
): void {
  const ratio = (size: Size): number => size.width / size.height
  // Scaled to the picture, an edge of the mask may be half a pixel off.
  const rounding = 0.5 / Math.min(mask.size.width, mask.size.height)
  const difference = Math.abs(ratio(mask.size) / ratio(picture.size) - 1)
  if (difference <= Math.max(MAX_DIFFERENCE, 2 * rounding)) return
  const show = ({ width, height }: Size): string => `${width}x${height} px`
  throw new LimnError(
    'picture/unreadable',
    `The ${kind} ${mask.path} has other proportions (${show(mask.size)}) than its picture ${picture.path} (${show(picture.size)}).`,
    { hint: `Make the ${kind} the size of its picture.` },
  )
}

/**
 * Creates a mask as OpenAI's API expects it: alpha is 0 where the picture may change. In a mask
 * that is fully opaque, white areas may change.
 *
 * @param size of the result. Default: the mask's own
 */
export async function createAlphaMask(
  { data, width, height, channels }: Pixels,
  size: Size | undefined,
): Promise<Uint8Array> {
  const hasAlpha = channels === 4 && data.some((value, index) => index % 4 === 3 && value < 255)
  const alpha = Buffer.alloc(width * height)
  for (let at = 0; at < alpha.length; at++) {
    alpha[at] = hasAlpha ? data[at * channels + 3]! : 255 - data[at * channels]!
  }
  const mask = await sharp({ create: { width, height, channels: 3, background: '#000000' } })
    .joinChannel(alpha, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer()
  if (size === undefined || (size.width === width && size.height === height)) return mask
  return sharp(mask)
    .resize(size.width, size.height, { fit: 'fill', kernel: 'nearest' })
    .png()
    .toBuffer()
}

/** Converts an alpha mask to an opaque grey one whose white, or black, areas may change. */
async function createGreyMask(mask: Uint8Array, polarity: 'white' | 'black'): Promise<Uint8Array> {
  const alpha = sharp(mask).extractChannel('alpha').toColourspace('b-w')
  return (polarity === 'white' ? alpha.negate() : alpha).png().toBuffer()
}
