import type { Sharp } from 'sharp'
import type { Output } from '../manifest/manifest.ts'
import { fromPixels, type Pixels } from '../pictures/decode.ts'
import type { Region } from './crop.ts'

const TRANSPARENT = { r: 0, g: 0, b: 0, alpha: 0 }

/** Resizes a master to an output's size by the output's `fit`. `cover` requires `region`. */
export function resize(master: Pixels, output: Output, region: Region | undefined): Sharp {
  const { fit, padding } = output
  const background = output.background ?? (output.format === 'jpeg' ? '#ffffff' : TRANSPARENT)
  const edge = edgesOf(output)
  const inner = innerSize(output)
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

/** The part of an output that the picture covers, px: without the padding. */
export function innerSize(output: Output): { width: number; height: number } {
  const { x, y } = edgesOf(output)
  return { width: output.width - 2 * x, height: output.height - 2 * y }
}

function edgesOf({ width, height, padding }: Output): { x: number; y: number } {
  return { x: Math.round(width * padding), y: Math.round(height * padding) }
}
