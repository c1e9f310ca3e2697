import sharp from 'sharp'
import type { Input } from '../manifest/manifest.ts'
import type { MaskPolarity } from '../models/servers.ts'
import { decode, fromPixels, readFacts } from './decode.ts'
import type { InputPicture } from './input-picture.ts'

/** An input picture before it is brought into a form that models take. */
export type RawInput = { role: Input['role']; bytes: Uint8Array }

/**
 * Brings input pictures into forms that models take: PNG, JPEG and WebP go as they are, others as
 * PNG; a mask becomes a PNG of the first picture's size whose alpha says where that may change.
 * `polarities` are those of the servers that may be asked: each but `alpha` gets an opaque grey PNG
 * besides.
 *
 * @throws LimnError `picture/unreadable`
 */
export async function prepareInputs(
  inputs: readonly RawInput[],
  polarities: readonly MaskPolarity[] = [],
): Promise<InputPicture[]> {
  const first = inputs.find(({ role }) => role === 'image')
  return Promise.all(
    inputs.map(async ({ role, bytes }) => {
      if (role === 'mask') {
        const mask = await prepareMask(
          bytes,
          first === undefined ? undefined : await readFacts(first.bytes),
        )
        const grey = await Promise.all(
          polarities
            .filter((polarity) => polarity !== 'alpha')
            .map(async (polarity) => [polarity, await greyMask(mask, polarity)] as const),
        )
        return {
          role,
          format: 'png' as const,
          bytes: mask,
          ...(grey.length === 0 ? {} : { masks: Object.fromEntries(grey) }),
        }
      }
      const { format } = await readFacts(bytes)
      if (format === 'png' || format === 'jpeg' || format === 'webp') return { role, format, bytes }
      return {
        role,
        format: 'png' as const,
        bytes: await fromPixels(await decode(bytes))
          .png()
          .toBuffer(),
      }
    }),
  )
}

/**
 * A mask as the API wants it: alpha 0 where the picture may change. A mask that is opaque all over
 * says it in black and white instead: white is where it may change.
 */
async function prepareMask(
  bytes: Uint8Array,
  size: { width: number; height: number } | undefined,
): Promise<Uint8Array> {
  const { data, width, height, channels } = await decode(bytes)
  const hasAlpha = channels === 4 && data.some((value, index) => index % 4 === 3 && value < 255)
  const alpha = Buffer.alloc(width * height)
  for (let at = 0; at < alpha.length; at++) {
    alpha[at] = hasAlpha ? data[at * channels + 3]! : 255 - data[at * channels]!
  }
  const mask = sharp({ create: { width, height, channels: 3, background: '#000000' } }).joinChannel(
    alpha,
    { raw: { width, height, channels: 1 } },
  )
  const whole = await mask.png().toBuffer()
  if (size === undefined || (size.width === width && size.height === height)) return whole
  return sharp(whole)
    .resize(size.width, size.height, { fit: 'fill', kernel: 'nearest' })
    .png()
    .toBuffer()
}

/** An alpha mask as an opaque grey picture whose white, or black, says where the picture may change. */
async function greyMask(mask: Uint8Array, polarity: 'white' | 'black'): Promise<Uint8Array> {
  const alpha = sharp(mask).extractChannel('alpha').toColourspace('b-w')
  return (polarity === 'white' ? alpha.negate() : alpha).png().toBuffer()
}
