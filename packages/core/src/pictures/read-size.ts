import sharp from 'sharp'
import { MAX_PIXELS } from './decode.ts'

/** The size of a picture, px, from the head of its file; `undefined` where it is none. */
export async function readSize(
  file: string,
): Promise<{ width: number; height: number } | undefined> {
  return sharp(file, { limitInputPixels: MAX_PIXELS })
    .metadata()
    .then(
      ({ width, height }) => ({ width, height }),
      () => undefined,
    )
}
