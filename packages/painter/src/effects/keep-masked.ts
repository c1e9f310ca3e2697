import { mix } from '../raster/color.ts'
import type { RawPicture } from '../raster/png.ts'
import { sample } from './sample.ts'

/** Puts what a mask protects of a base back into a picture that was painted over it. */
export function keepMasked(picture: RawPicture, base: RawPicture, mask: RawPicture): RawPicture {
  const { width, height } = picture
  const data = picture.data.slice()
  const scale = Math.min(base.width / width, base.height / height)
  const left = (base.width - width * scale) / 2
  const top = (base.height - height * scale) / 2
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      const u = ((x + 0.5) * mask.width) / width - 0.5
      const v = ((y + 0.5) * mask.height) / height - 0.5
      const keep = sample(mask, u, v)[3]
      if (keep === 0) continue
      const [r, g, b, alpha] = sample(
        base,
        left + (x + 0.5) * scale - 0.5,
        top + (y + 0.5) * scale - 0.5,
      )
      const color = mix([data[i]! / 255, data[i + 1]! / 255, data[i + 2]! / 255], [r, g, b], keep)
      for (let k = 0; k < 3; k++) data[i + k] = Math.round(color[k]! * 255)
      data[i + 3] = Math.round(data[i + 3]! + (alpha * 255 - data[i + 3]!) * keep)
    }
  }
  return { width, height, data }
}
