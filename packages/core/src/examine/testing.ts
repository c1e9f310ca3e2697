import { expect, test } from 'vitest'
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
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(paint(x, y), (y * width + x) * 4)
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
    const [red, green, blue] = from.map((value, at) => value + (to[at]! - value) * share)
    return [red!, green!, blue!, 255]
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
  return from.map((value, at) => value + (to[at]! - value) * share) as Pixel
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
  return (x, y) => {
    let sum = 0
    for (const { across, down, phase, height } of waves) {
      sum += height * Math.sin((6.2832 * (across * x + down * y)) / period + phase)
    }
    return 128 + sum * scale
  }
}

/** Blurs a picture by a standard deviation, px: three box blurs. */
export function blur({ data, width, height }: ExaminedPixels, deviation: number): ExaminedPixels {
  const radius = Math.max(1, Math.round((Math.sqrt(4 * deviation * deviation + 1) - 1) / 2))
  let from = Float32Array.from(data)
  for (let pass = 0; pass < 3; pass++) {
    from = blurLines(from, { lines: height, length: width, along: 4, next: width * 4 }, radius)
    from = blurLines(from, { lines: width, length: height, along: width * 4, next: 4 }, radius)
  }
  return { data: Uint8Array.from(from, Math.round), width, height }
}

function blurLines(
  from: Float32Array,
  { lines, length, along, next }: { lines: number; length: number; along: number; next: number },
  radius: number,
): Float32Array<ArrayBuffer> {
  const to = new Float32Array(from.length)
  for (let line = 0; line < lines; line++) {
    for (let channel = 0; channel < 4; channel++) {
      const start = line * next + channel
      const value = (pixel: number): number =>
        from[start + Math.min(length - 1, Math.max(0, pixel)) * along]!
      let sum = 0
      for (let pixel = -radius; pixel <= radius; pixel++) sum += value(pixel)
      for (let pixel = 0; pixel < length; pixel++) {
        to[start + pixel * along] = sum / (2 * radius + 1)
        sum += value(pixel + radius + 1) - value(pixel - radius)
      }
    }
  }
  return to
}

const scenes = new Map<string, Paint>()

/** Several shapes of several colours on a gradient, like an illustration. */
export function scene(random: Random, size: number): Paint {
  const key = `${Math.floor(random() * 64)} ${size}`
  const known = scenes.get(key)
  if (known !== undefined) return known
  const drawn = paintOf(draw(size, size, sceneOf(createRandom(scenes.size + 1), size)))
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

/** Edge of the pictures of most kinds, px. */
const SIZE = 96

/**
 * Defines a test for each kind of pictures: every one of them passes, or fails, the expectations. A
 * soak test draws 200 of each kind, larger ones among them.
 */
export function testKinds(
  passed: boolean,
  expectations: Expectations,
  kinds: Readonly<Record<string, Draw>>,
): void {
  const isSoak = process.env['MODE'] === 'soak'
  test.each(Object.entries(kinds))(`${passed ? 'accepts' : 'rejects'} %s`, (_, drawKind) => {
    const wrong: string[] = []
    for (let seed = 1; seed <= (isSoak ? 200 : 12); seed++) {
      const drawn = drawKind(createRandom(seed), isSoak && seed % 5 === 0 ? SIZE * 3 : SIZE)
      const {
        picture,
        others = {},
        expectations: own,
      }: Case = 'picture' in drawn ? drawn : { picture: drawn, expectations }
      const hashes = new Map(
        Object.entries(others).map(([name, other]) => [name, perceptualHash(other)]),
      )
      const verdicts = examinePixels(picture, own, hashes)
      for (const verdict of verdicts) {
        if (verdict.passed !== passed) wrong.push(`${seed}: ${verdict.reason}`)
      }
    }
    expect(wrong).toEqual([])
  })
}
