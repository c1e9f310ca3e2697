import sharp from 'sharp'
import { MAX_PIXELS } from './decode.ts'

/** Reads the size of a picture (px) from its file's header; `undefined` if it is no picture. */
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
