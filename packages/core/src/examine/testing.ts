import { expect, test } from 'vitest'
import type { Verdict } from '../lock/verdict.ts'
import type { Expectations } from '../manifest/expectations.ts'
import { examinePixels, perceptualHash } from './examine-pixels.ts'
import type { ExaminedPixels } from './examined-pixels.ts'

/** A pixel: red, green, blue and alpha, 0 to 255. They may have decimals. */
export type Pixel = [red: number, green: number, blue: number, alpha: number]

/** Returns the colour at a place, px from the top left. */
export type Paint = (x: number, y: number) => Pixel

/** Numbers from 0 up to 1 that are the same for the same seed. */
export type Random = () => number

function createRandom(seed: number): Random {
  let state = (seed * 2_654_435_761) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let value = Math.imul(state ^ (state >>> 15), state | 1)
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61)
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function between(random: Random, least: number, most: number): number {
  return least + (most - least) * random()
}

export function oneOf<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)]!
}

/** Draws a picture of a size by its pixels. */
export function draw(width: number, height: number, paint: Paint): ExaminedPixels {
  const data = new Uint8ClampedArray(width * height * 4)
  let at = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = paint(x, y)
      data[at++] = pixel[0]
      data[at++] = pixel[1]
      data[at++] = pixel[2]
      data[at++] = pixel[3]
    }
  }
  return { data: new Uint8Array(data.buffer), width, height }
}

/** Paints a picture again, for effects that build on each other. */
export function paintOf({ data, width, height }: ExaminedPixels): Paint {
  return (x, y) => {
    const at = (Math.min(height - 1, y) * width + Math.min(width - 1, x)) * 4
    return [data[at]!, data[at + 1]!, data[at + 2]!, data[at + 3]!]
  }
}

export function flat(colour: readonly number[], alpha = 255): Paint {
  return () => [colour[0]!, colour[1]!, colour[2]!, alpha]
}

/** A gradient from one colour at the left or top to another at the other end. */
export function gradient(
  from: readonly number[],
  to: readonly number[],
  length: number,
  isDown = false,
): Paint {
  return (x, y) => {
    const share = (isDown ? y : x) / length
    const blend = (at: number): number => from[at]! + (to[at]! - from[at]!) * share
    return [blend(0), blend(1), blend(2), 255]
  }
}

/** Grain with a standard deviation of 1. */
const GRAIN = (() => {
  const random = createRandom(1)
  return Float64Array.from(
    { length: 4096 },
    () => (random() + random() + random() + random() - 2) * Math.sqrt(3),
  )
})()

/** Adds grain of a standard deviation, of 255. */
export function grainy(paint: Paint, deviation: number, random: Random): Paint {
  const grain = (): number => GRAIN[Math.floor(random() * 4096)]! * deviation
  return (x, y) => {
    const [red, green, blue, alpha] = paint(x, y)
    return [red + grain(), green + grain(), blue + grain(), alpha]
  }
}

/** A colour that is not grey, at least `least` from others in a channel. */
export function colourApart(
  random: Random,
  others: readonly (readonly number[])[],
  least: number,
): number[] {
  for (;;) {
    const colour = [0, 1, 2].map(() => Math.round(random() * 255))
    const isApart = others.every((other) =>
      colour.some((value, at) => Math.abs(value - other[at]!) >= least),
    )
    if (isApart && Math.max(...colour) - Math.min(...colour) >= 30) return colour
  }
}

/** A shape: how far a place is inside it, px; negative outside. */
export type Shape = (x: number, y: number) => number

/** A turned ellipse with a mean radius, px. */
export function blob(random: Random, centre: { x: number; y: number }, radius: number): Shape {
  const [stretch, angle] = [between(random, 0.8, 1.25), random() * 6.28]
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const [across, down] = [radius * stretch, radius / stretch]
  return (x, y) => {
    const [dx, dy] = [x - centre.x, y - centre.y]
    const [u, v] = [(cos * dx + sin * dy) / across, (cos * dy - sin * dx) / down]
    const distance = Math.sqrt(u * u + v * v)
    if (distance < 0.1) return radius
    // Distance along the way to the middle, divided by how steep that grows.
    const slope = Math.sqrt((u / across) ** 2 + (v / down) ** 2) / distance
    return (1 - distance) / slope
  }
}

/** Returns the share of a pixel that a shape covers; its edge may be softer than a pixel. */
export function coverage(shape: Shape, x: number, y: number, softness = 1): number {
  return Math.min(1, Math.max(0, shape(x, y) / softness + 0.5))
}

export function mix(from: Pixel, to: Pixel, share: number): Pixel {
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
    from[3] + (to[3] - from[3]) * share,
  ]
}

/** Puts a shape of a paint over another paint. */
export function over(below: Paint, shape: Shape, paint: Paint, softness = 1): Paint {
  return (x, y) => {
    const share = coverage(shape, x, y, softness)
    if (share === 0) return below(x, y)
    return share === 1 ? paint(x, y) : mix(below(x, y), paint(x, y), share)
  }
}

/** A shape on a transparent background: the colours of its edge are its own. */
export function cutOut(shape: Shape, paint: Paint): Paint {
  return (x, y) => {
    const [red, green, blue, alpha] = paint(x, y)
    return [red, green, blue, alpha * coverage(shape, x, y)]
  }
}

/** Waves of several lengths, like clouds, 0 to 255; they repeat after `period` px. */
export function clouds(
  random: Random,
  period: number,
  lengths: readonly number[] = [2, 3, 5, 8],
): (x: number, y: number) => number {
  const waves = lengths.flatMap((count) =>
    Array.from({ length: 4 }, () => {
      const angle = random() * 6.28
      return {
        across: Math.round(Math.cos(angle) * count),
        down: Math.round(Math.sin(angle) * count),
        phase: random() * 6.28,
        height: 1 / Math.sqrt(count),
      }
    }),
  )
  const scale = 60 / Math.sqrt(lengths.length * 2)
  const turn = (2 * Math.PI) / period
  const table = (value: (at: number) => number): Float64Array =>
    Float64Array.from({ length: Math.ceil(period) + 1 }, (_, at) => value(at))
  // The sine of a sum, so that a place takes no sine of its own.
  const tables = waves.map(({ across, down, phase, height }) => ({
    sines: table((x) => height * scale * Math.sin(turn * across * x + phase)),
    cosines: table((x) => height * scale * Math.cos(turn * across * x + phase)),
    downSines: table((y) => Math.sin(turn * down * y)),
    downCosines: table((y) => Math.cos(turn * down * y)),
  }))
  return (x, y) => {
    let sum = 128
    for (const { sines, cosines, downSines, downCosines } of tables) {
      sum += sines[x]! * downCosines[y]! + cosines[x]! * downSines[y]!
    }
    return sum
  }
}

/** Blurs the colours of an opaque picture by a standard deviation, px. */
export function blur({ data, width, height }: ExaminedPixels, deviation: number): ExaminedPixels {
  const weights = gaussOf(deviation)
  const across = new Float32Array(data.length)
  const both = new Uint8Array(data.length)
  for (let y = 0; y < height; y++) {
    blurLine(data, across, { from: y * width * 4, step: 4, length: width }, weights)
  }
  for (let x = 0; x < width; x++) {
    blurLine(across, both, { from: x * 4, step: width * 4, length: height }, weights)
  }
  for (let at = 3; at < both.length; at += 4) both[at] = 255
  return { data: both, width, height }
}

/** Weights of the pixel itself and of those on either side, which add up to 1. */
function gaussOf(deviation: number): number[] {
  const weights = Array.from({ length: Math.ceil(deviation * 3) + 1 }, (_, distance) =>
    Math.exp(-(distance * distance) / (2 * deviation * deviation)),
  )
  const sum = weights.reduce((all, weight) => all + 2 * weight, -weights[0]!)
  return weights.map((weight) => weight / sum)
}

function blurLine(
  from: ArrayLike<number>,
  to: Float32Array | Uint8Array,
  { from: start, step, length }: { from: number; step: number; length: number },
  weights: readonly number[],
): void {
  const reach = weights.length - 1
  const padded = new Float64Array(length + 2 * reach)
  const rounding = to instanceof Uint8Array ? 0.5 : 0
  for (let channel = 0; channel < 3; channel++) {
    for (let at = 0; at < padded.length; at++) {
      const pixel = Math.min(length - 1, Math.max(0, at - reach))
      padded[at] = from[start + pixel * step + channel]!
    }
    for (let pixel = 0; pixel < length; pixel++) {
      const at = pixel + reach
      let sum = padded[at]! * weights[0]!
      for (let distance = 1; distance <= reach; distance++) {
        sum += (padded[at - distance]! + padded[at + distance]!) * weights[distance]!
      }
      to[start + pixel * step + channel] = sum + rounding
    }
  }
}

const isSoak = process.env['MODE'] === 'soak'

/** Number of different scenes of a size, which are drawn once. */
const SCENES = isSoak ? 256 : 24
const scenes = new Map<string, Paint>()

/** Several shapes of several colours on a gradient, like an illustration. */
export function scene(random: Random, size: number): Paint {
  const seed = Math.floor(random() * SCENES)
  const key = `${seed} ${size}`
  const known = scenes.get(key)
  if (known !== undefined) return known
  const drawn = paintOf(draw(size, size, sceneOf(createRandom(seed), size)))
  scenes.set(key, drawn)
  return drawn
}

function sceneOf(random: Random, size: number): Paint {
  const colours = Array.from({ length: 8 }, () => colourApart(random, [], 0))
  let paint = gradient(colours[0]!, colours[1]!, size, random() < 0.5)
  for (const colour of colours.slice(2)) {
    const centre = { x: random() * size, y: random() * size }
    paint = over(paint, blob(random, centre, between(random, 0.1, 0.35) * size), flat(colour))
  }
  return paint
}

/** A picture, and what is expected of it. */
export interface Case {
  picture: ExaminedPixels
  expectations: Expectations
  /** Pictures of other assets, by name. */
  others?: Readonly<Record<string, ExaminedPixels>>
}

/** What to draw: a picture, or a case if the expectation depends on it. */
export type Draw = (random: Random, size: number) => ExaminedPixels | Case

/** Edge of the pictures of most kinds, and of a fifth of them, px. */
const SIZE = isSoak ? { usual: 96, large: 288 } : { usual: 64, large: 96 }
/** Pictures of each kind. */
const COUNT = isSoak ? 200 : 40

/**
 * Defines a test for each kind of pictures: every one of them passes, or fails, the expectations. A
 * soak test draws 200 of each kind, large ones among them.
 */
export function testKinds(
  passed: boolean,
  expectations: Expectations,
  kinds: Readonly<Record<string, Draw>>,
): void {
  test.each(Object.entries(kinds))(`${passed ? 'accepts' : 'rejects'} %s`, (_, drawKind) => {
    const wrong: string[] = []
    for (let seed = 1; seed <= COUNT; seed++) {
      const size = seed % 5 === 0 ? SIZE.large : SIZE.usual
      const drawn = drawKind(createRandom(seed), size)
      const verdicts = examineCase('picture' in drawn ? drawn : { picture: drawn, expectations })
      for (const verdict of verdicts) {
        if (verdict.passed !== passed) wrong.push(`${seed}: ${verdict.reason}`)
      }
    }
    expect(wrong).toEqual([])
  })
}

function examineCase({ picture, expectations, others = {} }: Case): Verdict[] {
  const hashes = new Map(
    Object.entries(others).map(([name, other]) => [name, perceptualHash(other)]),
  )
  return examinePixels(picture, expectations, hashes)
}
