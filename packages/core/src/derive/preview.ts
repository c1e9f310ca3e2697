import type { Output } from '../manifest/manifest.ts'
import { decode } from '../pictures/decode.ts'
import { findRegion } from './crop.ts'
import { resize } from './resize.ts'

/**
 * A picture in an output's shape, made to be looked at for seconds: quick to encode, as WebP
 * whatever the output's format.
 *
 * @throws LimnError `picture/unreadable`
 */
export async function cutRough(picture: Uint8Array, output: Output): Promise<Buffer> {
  const pixels = await decode(picture)
  const region = output.fit === 'cover' ? await findRegion(pixels, output) : undefined
  return resize(pixels, output, region).webp({ quality: 60, effort: 0 }).toBuffer()
}
