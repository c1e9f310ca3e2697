import type { Canvas } from '../raster/canvas.ts'
import { hex, luma, mix, multiply } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { clamp, cos, sin, smoothstep, TAU } from '../raster/math.ts'
import { createFbm } from '../raster/noise.ts'
import type { Random } from '../raster/random.ts'

/** Returns the new colour of a px from its old one, its place in units, and the edge there (0..1). */
type Redraw = (color: Color, u: number, v: number, edge: number) => Color

/** Makes a painted canvas look like a pencil drawing: grey hatching and outlines on paper. */
export function pencil(canvas: Canvas, random: Random): void {
  const paper = hex('#f6f3ec')
  const lead = hex('#35343a')
  const wander = createFbm(random.int(0, 1e9), 2)
  const grain = createFbm(random.int(0, 1e9), 2)
  const layers = [
    { turn: -0.12, from: 0.88, period: 1.25 },
    { turn: 0.1, from: 0.66, period: 1.15 },
    { turn: 0.25, from: 0.48, period: 1.05 },
  ].map((layer) => ({ ...layer, x: cos(layer.turn * TAU), y: sin(layer.turn * TAU) }))
  redraw(canvas, (color, u, v, edge) => {
    // Pencil drawings are light: even black places keep some paper.
    const light = 0.3 + luma(color) * 0.7
    const shift = (wander(u * 0.12, v * 0.12) - 0.5) * 3
    let mark = 0
    for (const { x, y, from, period } of layers) {
      const depth = clamp((from - light) / 0.4, 0, 1)
      if (depth === 0) continue
      const line = Math.abs((((u * y + v * x + shift) / period) % 1) + 2) % 1
      const distance = Math.abs(line - 0.5) * 2
      mark = Math.max(
        mark,
        (1 - smoothstep(depth * 0.7, depth * 0.7 + 0.35, distance)) * (0.4 + depth * 0.4),
      )
    }
    const tooth = 0.6 + grain(u * 1.7, v * 1.7) * 0.7
    const shade = clamp(Math.max(mark, (1 - light) * 0.22) * tooth + edge * 0.85, 0, 0.94)
    return mix(mix(paper, color, 0.06), lead, shade)
  })
}

/** Makes a painted canvas look like a woodcut: dark carved lines over a few flat colours. */
export function woodcut(canvas: Canvas, random: Random): void {
  const paper = hex('#f1e6cf')
  const ink = hex('#221d1f')
  const wander = createFbm(random.int(0, 1e9), 2)
  const wear = createFbm(random.int(0, 1e9), 2)
  redraw(canvas, (color, u, v, edge) => {
    const light = luma(color)
    const flow = v + (wander(u * 0.05, v * 0.08) - 0.5) * 9
    const line = ((((flow / 1.9) % 1) + 1) % 1) * 2 - 1
    const ends = 0.12 * (wander(u * 0.3 + 50, v * 0.9) - 0.5)
    // The darker the place, the wider the line; deep shadows are solid.
    const width = clamp((0.66 - light) / 0.62, 0, 1) * 0.9 + ends
    const carved =
      light < 0.12 ? 1 : light > 0.66 ? 0 : 1 - smoothstep(width - 0.1, width + 0.1, Math.abs(line))
    const flat = mix(paper, flattened(color), 0.72)
    const worn = 1 - smoothstep(0.74, 0.82, wear(u * 0.9, v * 0.9)) * 0.5
    return mix(flat, ink, Math.max(carved, smoothstep(0.18, 0.42, edge)) * worn)
  })
}

/** Returns a colour in one of a few lightnesses. */
function flattened(color: Color): Color {
  const light = luma(color)
  const target = 0.34 + (Math.round(light * 4) / 4) * 0.62
  return mix(multiply(color, grey(target / Math.max(light, 0.08))), grey(target), 0.2)
}

function grey(value: number): Color {
  return [value, value, value]
}

/** Redraws every px of a canvas. Lengths are in units: the short edge has 100. */
function redraw(canvas: Canvas, draw: Redraw): void {
  const { width, height, pixels } = canvas
  const unit = Math.max(Math.min(width, height) / 100, 1.6)
  const light = lightOf(canvas)
  // Lines cannot show a dark picture, so its tones are spread first.
  const mean = light.reduce((sum, value) => sum + value, 0) / light.length
  const gain = clamp(0.48 / Math.max(mean, 0.01), 1, 2.4)
  const reach = Math.max(1, Math.round(unit * 0.28))
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      const alpha = pixels[i + 3]!
      if (alpha < 0.004) continue
      const at = (dx: number, dy: number): number =>
        light[clampTo(y + dy, height) * width + clampTo(x + dx, width)]!
      const across = at(reach, 0) - at(-reach, 0)
      const down = at(0, reach) - at(0, -reach)
      const edge = smoothstep(0.1, 0.42, Math.sqrt(across * across + down * down) * gain)
      const share = gain / alpha
      const color: Color = [
        clamp(pixels[i]! * share, 0, 1),
        clamp(pixels[i + 1]! * share, 0, 1),
        clamp(pixels[i + 2]! * share, 0, 1),
      ]
      const next = draw(color, x / unit, y / unit, edge)
      for (let k = 0; k < 3; k++) pixels[i + k] = clamp(next[k]!, 0, 1) * alpha
    }
  }
}

function clampTo(value: number, size: number): number {
  return value < 0 ? 0 : value >= size ? size - 1 : value
}

/** Returns the lightness of every px, on white where the canvas is transparent. */
function lightOf({ width, height, pixels }: Canvas): Float32Array {
  const light = new Float32Array(width * height)
  for (let i = 0; i < light.length; i++) {
    const p = i * 4
    light[i] =
      pixels[p]! * 0.299 + pixels[p + 1]! * 0.587 + pixels[p + 2]! * 0.114 + 1 - pixels[p + 3]!
  }
  return light
}
