import sharp from 'sharp'
import { MAX_PIXELS } from './decode.ts'

/** Reads the size of a picture (px) from its bytes; `undefined` if it is no picture. */
export async function readSize(
  bytes: Uint8Array,
): Promise<{ width: number; height: number } | undefined> {
  return sharp(bytes, { limitInputPixels: MAX_PIXELS })
    .metadata()
    .then(
      ({ width, height }) => ({ width, height }),
      () => undefined,
    )
}
