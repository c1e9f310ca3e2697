import type { Sharp } from 'sharp'
import type { Output } from '../manifest/manifest.ts'

/** Encodes in an output's format and quality. Formats without transparency get a ground, white where none is named. */
export function encode(image: Sharp, { format, quality, background }: Output): Sharp {
  const ground = background ?? (format === 'jpeg' ? '#ffffff' : null)
  const flat = ground === null ? image : image.flatten({ background: ground })
  switch (format) {
    case 'avif':
      return flat.avif({ quality: quality!, effort: 4 })
    case 'webp':
      return flat.webp({ quality: quality!, effort: 4, smartSubsample: true })
    case 'jpeg':
      return flat.jpeg({ quality: quality!, mozjpeg: true })
    case 'png':
      return flat.png({ compressionLevel: 9 })
  }
}
