import { rgbaToThumbHash } from 'thumbhash'
import { fromPixels, type Pixels } from './decode.ts'

/** Computes the ThumbHash of a picture, base64: about 25 bytes with its colours and rough shapes. */
export async function createThumbhash(master: Pixels): Promise<string> {
  const { data, info } = await fromPixels(master)
    .ensureAlpha()
    .resize({ width: 100, height: 100, fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64')
}
