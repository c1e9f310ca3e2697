import sharp from 'sharp'
import type { Input } from '../manifest/manifest.ts'
import type { MaskPolarity } from '../models/servers.ts'
import { decode, fromPixels, readFormatAndSize } from './decode.ts'
import type { InputPicture } from './input-picture.ts'

/** An input picture as read from its file. */
type RawInput = { role: Input['role']; bytes: Uint8Array }

type Size = { width: number; height: number }

/**
 * Converts input pictures to forms that models accept. PNG, JPEG and WebP stay unchanged; other
 * types become PNG. A mask becomes a PNG of the first picture's size, whose alpha is 0 where the
 * picture may change.
 *
 * @param polarities of the servers that may receive the request: a mask also gets an opaque grey
 *   PNG for each of them except `alpha`
 * @throws LimnError `picture/unreadable`
 */
export async function prepareInputs(
  inputs: readonly RawInput[],
  polarities: readonly MaskPolarity[] = [],
): Promise<InputPicture[]> {
  const first = inputs.find(({ role }) => role === 'image')
  // An SVG is sent at another size than its own.
  const changed = first === undefined ? undefined : await preparePicture(first)
  return Promise.all(
    inputs.map(async (input) =>
      input.role === 'mask'
        ? prepareMask(input, {
            size: changed === undefined ? undefined : await readFormatAndSize(changed.bytes),
            polarities,
          })
        : input === first
          ? changed!
          : preparePicture(input),
    ),
  )
}

async function preparePicture({ role, bytes }: RawInput): Promise<InputPicture> {
  const { format } = await readFormatAndSize(bytes)
  if (format === 'png' || format === 'jpeg' || format === 'webp') return { role, format, bytes }
  const png = await fromPixels(await decode(bytes))
    .png()
    .toBuffer()
  return { role, format: 'png', bytes: png }
}

async function prepareMask(
  { role, bytes }: RawInput,
  { size, polarities }: { size: Size | undefined; polarities: readonly MaskPolarity[] },
): Promise<InputPicture> {
  const mask = await createAlphaMask(bytes, size)
  const masks = await Promise.all(
    polarities
      .filter((polarity) => polarity !== 'alpha')
      .map(async (polarity) => [polarity, await createGreyMask(mask, polarity)] as const),
  )
  const picture: InputPicture = { role, format: 'png', bytes: mask }
  return masks.length === 0 ? picture : { ...picture, masks: Object.fromEntries(masks) }
}

/**
 * Creates a mask as OpenAI's API expects it: alpha is 0 where the picture may change. In a mask
 * that is fully opaque, white areas may change.
 *
 * @param size of the result. Default: the mask's own
 */
async function createAlphaMask(bytes: Uint8Array, size: Size | undefined): Promise<Uint8Array> {
  const { data, width, height, channels } = await decode(bytes)
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
