import { healedEdge } from '../../manifest/finish.ts'
import { fromPixels, type Pixels } from '../../pictures/decode.ts'
import { findCut } from './find-cut.ts'
import { toPixels } from './to-pixels.ts'

/**
 * Makes a picture continue at its opposite edges. Each pair of edges overlaps: their light and
 * shade fade into each other over the whole overlap, and their details change at a cut through it
 * where both look most alike.
 */
export async function heal(pixels: Pixels): Promise<Pixels> {
  return transpose(await healSides(transpose(await healSides(pixels))))
}

/** Half of the width over which the details of both sides of a cut blend, px. */
const FEATHER = 3

/** Joins the left and the right edge. */
async function healSides(pixels: Pixels): Promise<Pixels> {
  const { data, width, height, channels } = pixels
  const size = healedEdge(width)
  const overlap = width - size
  const { data: shade } = await toPixels(fromPixels(pixels).blur(Math.max(0.3, overlap / 4)))
  const cut = findCut({ pixels, shade, overlap })
  const healed = Buffer.alloc(size * height * channels)
  for (let y = 0; y < height; y++) {
    const row = y * width * channels
    const target = y * size * channels
    data.copy(healed, target, row, row + size * channels)
    for (let x = 0; x < overlap; x++) {
      const share = shareOfLeft(x, cut[y]!, overlap)
      const fade = smoothStep(overlap === 1 ? 0 : x / (overlap - 1))
      for (let channel = 0; channel < channels; channel++) {
        const left = row + x * channels + channel
        const right = left + size * channels
        const detail = data[right]! + (data[left]! - data[right]!) * share
        const value = detail + (shade[left]! - shade[right]!) * (fade - share)
        healed[target + x * channels + channel] = Math.min(255, Math.max(0, Math.round(value)))
      }
    }
  }
  return { data: healed, width: size, height, channels }
}

function smoothStep(share: number): number {
  return share * share * (3 - 2 * share)
}

/**
 * Returns how much of the left edge a column of the overlap shows: nothing at its start, which
 * follows the last column, and everything at its end.
 */
function shareOfLeft(x: number, cut: number, overlap: number): number {
  const feather = Math.min(FEATHER, cut, overlap - 1 - cut)
  if (feather <= 0) return x > cut || (x === cut && cut > 0) ? 1 : 0
  return Math.min(1, Math.max(0, (x - cut + feather) / (2 * feather)))
}

function transpose({ data, width, height, channels }: Pixels): Pixels {
  const turned = Buffer.alloc(data.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * channels
      data.copy(turned, (x * height + y) * channels, from, from + channels)
    }
  }
  return { data: turned, width: height, height: width, channels }
}
