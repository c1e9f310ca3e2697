import type { Size } from '../models/size.ts'
import { beforeFinish, sizeAfterFinish } from './finish.ts'
import type { Output } from './manifest.ts'

/** What the size of an output depends on: the size of its master, px, and whether that is an SVG. */
export type MasterSize = Size & { isVector: boolean }

/**
 * Returns the size of the file of an output, px. Only `inside` depends on the master: it never
 * enlarges pixels, but an SVG fills the whole box. A file that is an SVG has the size of its
 * master. What `trim` removes is known only when the file is derived.
 */
export function sizeOfOutput(output: Output, master: MasterSize): Size {
  const { width, height, fit, format } = output
  if (format === 'svg') return { width: master.width, height: master.height }
  if (fit !== 'inside') return { width, height }
  const box = innerSize(beforeFinish(output))
  return sizeAfterFinish(fitInside(master, box, master.isVector ? Infinity : 1), output.finish)
}

/** Returns the size of the box that an output has inside its padding, px. */
export function innerSize({ width, height, padding }: Output): Size {
  return {
    width: width - 2 * Math.round(width * padding),
    height: height - 2 * Math.round(height * padding),
  }
}

/** Returns the largest size with the shape of `size` inside a box, but not above a scale. */
export function fitInside(size: Size, box: Size, maxScale: number = Infinity): Size {
  const scale = Math.min(maxScale, box.width / size.width, box.height / size.height)
  return {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  }
}

/** Returns whether a master is an SVG, by its path. */
export function isVectorPath(path: string): boolean {
  return /\.svg$/i.test(path)
}
