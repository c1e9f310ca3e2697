import { LimnError } from '../errors.ts'
import { decode } from './decode.ts'
import { createAlphaMask, requireSameShape } from './prepare-inputs.ts'

type Size = { width: number; height: number }

/** The first bytes of a PNG. */
const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

/**
 * Makes a mask that a person drew fit its picture: a PNG of the picture's size that is transparent
 * where the picture may change.
 *
 * @param picture the picture that is edited; `undefined` if its size is unknown
 * @throws LimnError `picture/unreadable` if it is no PNG, has other proportions, or marks nothing
 */
export async function fitMask(
  bytes: Uint8Array,
  picture: { size: Size; path: string } | undefined,
): Promise<Uint8Array> {
  if (!SIGNATURE.equals(bytes.subarray(0, SIGNATURE.length))) {
    throw new LimnError('picture/unreadable', 'The mask is no PNG file.', {
      hint: 'Draw it again.',
    })
  }
  const pixels = await decode(bytes)
  if (picture !== undefined) requireSameShape({ size: pixels, path: 'that was drawn' }, picture)
  const mask = await createAlphaMask(pixels, picture?.size)
  const { data } = await decode(mask)
  if (data.every((value, index) => index % 4 !== 3 || value === 255)) {
    throw new LimnError('picture/unreadable', 'The mask marks no area that may change.', {
      hint: 'Paint the area first.',
    })
  }
  return mask
}
