import { JUDGE_EDGE } from '../models/judges.ts'
import { decode, fromPixels } from '../pictures/decode.ts'

/**
 * Makes the copy of a picture that the judge sees: upright, without metadata, and at most
 * `JUDGE_EDGE` px wide and high, as each pixel costs tokens. A picture with transparent parts stays
 * a PNG; any other becomes a JPEG.
 *
 * @throws LimnError `picture/unreadable`; the reason of `signal`
 */
export async function shrinkPicture(
  bytes: Uint8Array,
  signal?: AbortSignal,
): Promise<{ bytes: Buffer; mimeType: 'image/png' | 'image/jpeg' }> {
  const pixels = await decode(bytes, { signal })
  const copy = fromPixels(pixels).resize(JUDGE_EDGE, JUDGE_EDGE, {
    fit: 'inside',
    withoutEnlargement: true,
  })
  return pixels.channels === 4
    ? { bytes: await copy.png().toBuffer(), mimeType: 'image/png' }
    : {
        bytes: await copy.jpeg({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer(),
        mimeType: 'image/jpeg',
      }
}
