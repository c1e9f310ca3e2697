import type { Sharp } from 'sharp'
import type { Output } from '../manifest/manifest.ts'
import { fromPixels, type Pixels } from './decode.ts'
import type { Region } from './crop.ts'

const CLEAR = { r: 0, g: 0, b: 0, alpha: 0 }

/** Brings a master to an output's size, in the way its `fit` says. `region` is for `cover`. */
export function resize(master: Pixels, output: Output, region: Region | undefined): Sharp {
  const { width, height, fit, background, format } = output
  const image = fromPixels(master)
  if (fit === 'cover') return image.extract(region!).resize({ width, height, fit: 'fill' })
  if (fit === 'inside') return image.resize({ width, height, fit: 'inside', withoutEnlargement: true })
  return image.ensureAlpha().resize({ width, height, fit: 'contain', background: background ?? (format === 'jpeg' ? '#ffffff' : CLEAR) })
}
