import { mixBits } from './random.ts'

/** Smooth noise over the plane. */
type Noise = (x: number, y: number) => number

/**
 * Creates value noise, 0..1, with one lattice point per unit. With `periodX`, a whole number of
 * units, it repeats after that many units to the right.
 */
function createNoise(seed: number, periodX = 0): Noise {
  const at = (x: number, y: number): number => {
    const column = periodX > 0 ? ((x % periodX) + periodX) % periodX : x
    return mixBits(Math.imul(column, 374761393) ^ Math.imul(y, 668265263) ^ seed) / 4294967296
  }
  return (x, y) => {
    const left = Math.floor(x)
    const top = Math.floor(y)
    const fx = x - left
    const fy = y - top
    const u = fx * fx * (3 - 2 * fx)
    const v = fy * fy * (3 - 2 * fy)
    const a = at(left, top)
    const b = at(left + 1, top)
    const c = at(left, top + 1)
    const d = at(left + 1, top + 1)
    return a + (b - a) * u + (c - a) * v + (a - b - c + d) * u * v
  }
}

/** Creates a sum of `octaves` noises, each twice as fine and half as strong; 0..1. */
export function createFbm(seed: number, octaves: number, periodX = 0): Noise {
  const layers = Array.from({ length: octaves }, (_, i) =>
    createNoise(mixBits(seed + i * 7919), periodX * (1 << i)),
  )
  return (x, y) => {
    let sum = 0
    let weight = 0.5
    let total = 0
    let scale = 1
    for (const layer of layers) {
      sum += layer(x * scale, y * scale) * weight
      total += weight
      weight /= 2
      scale *= 2
    }
    return sum / total
  }
}
