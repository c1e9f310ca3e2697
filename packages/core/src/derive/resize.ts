import type { Sharp } from 'sharp'
import type { Output } from '../manifest/manifest.ts'
import { fromPixels, type Pixels } from '../pictures/decode.ts'
import type { Region } from './crop.ts'

const CLEAR = { r: 0, g: 0, b: 0, alpha: 0 }

/** Brings a master to an output's size, in the way its `fit` says. `region` is for `cover`. */
export function resize(master: Pixels, output: Output, region: Region | undefined): Sharp {
  const { width, height, fit, padding } = output
  const ground = output.background ?? (output.format === 'jpeg' ? '#ffffff' : CLEAR)
  const edge = { x: Math.round(width * padding), y: Math.round(height * padding) }
  const inner = { width: width - 2 * edge.x, height: height - 2 * edge.y }
  const image =
    fit === 'cover' && padding === 0 ? fromPixels(master).extract(region!) : fromPixels(master)
  if (fit === 'inside') return image.resize({ ...inner, fit: 'inside', withoutEnlargement: true })
  if (fit === 'cover' && padding === 0) return image.resize({ ...inner, fit: 'fill' })
  // With room left free around it, the whole picture is shown.
  return image
    .ensureAlpha()
    .resize({ ...inner, fit: 'contain', background: ground })
    .extend({ left: edge.x, right: edge.x, top: edge.y, bottom: edge.y, background: ground })
}
