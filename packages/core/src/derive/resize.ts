import type { Sharp } from 'sharp'
import type { Output } from '../manifest/manifest.ts'
import { fromPixels, type Pixels } from '../pictures/decode.ts'
import type { Region } from './crop.ts'

const TRANSPARENT = { r: 0, g: 0, b: 0, alpha: 0 }

/** Resizes a master to an output's size by the output's `fit`. `cover` requires `region`. */
export function resize(master: Pixels, output: Output, region: Region | undefined): Sharp {
  const { width, height, fit, padding } = output
  const background = output.background ?? (output.format === 'jpeg' ? '#ffffff' : TRANSPARENT)
  const edge = { x: Math.round(width * padding), y: Math.round(height * padding) }
  const inner = { width: width - 2 * edge.x, height: height - 2 * edge.y }
  if (fit === 'inside') {
    return fromPixels(master).resize({ ...inner, fit: 'inside', withoutEnlargement: true })
  }
  if (fit === 'cover' && padding === 0) {
    return fromPixels(master)
      .extract(region!)
      .resize({ ...inner, fit: 'fill' })
  }
  // Padding overrides `cover`: the whole picture stays visible inside it.
  return fromPixels(master)
    .ensureAlpha()
    .resize({ ...inner, fit: 'contain', background })
    .extend({ left: edge.x, right: edge.x, top: edge.y, bottom: edge.y, background })
}
