import type { Sharp } from 'sharp'
import type { Output } from '../manifest/manifest.ts'
import { innerSize, sizeOfOutput } from '../manifest/output-size.ts'
import { fromPixels, type Pixels } from '../pictures/decode.ts'
import type { Region } from './crop.ts'

const TRANSPARENT = { r: 0, g: 0, b: 0, alpha: 0 }

/**
 * Resizes a master, or a region of it, to an output's size by the output's `fit`. `cover` requires
 * `region`.
 */
export function resize(master: Pixels, output: Output, region: Region | undefined): Sharp {
  const { width, fit, height, padding } = output
  const inner = innerSize(output)
  const shown = region === undefined ? fromPixels(master) : fromPixels(master).extract(region)
  if (fit === 'inside') {
    const size = sizeOfOutput(output, { ...(region ?? master), isVector: false })
    return shown.resize({ ...size, fit: 'fill' })
  }
  if (fit === 'cover' && padding === 0) {
    return shown.resize({ ...inner, fit: 'fill' })
  }
  const background = output.background ?? (output.format === 'jpeg' ? '#ffffff' : TRANSPARENT)
  const [x, y] = [(width - inner.width) / 2, (height - inner.height) / 2]
  // Padding overrides `cover`: the whole picture stays visible inside it.
  return shown
    .ensureAlpha()
    .resize({ ...inner, fit: 'contain', background })
    .extend({ left: x, right: x, top: y, bottom: y, background })
}
