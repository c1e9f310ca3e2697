import { clamp } from './math.ts'

/** Red, green and blue in sRGB, each 0..1. */
export type Color = readonly [number, number, number]

/** Returns the colour of `#rgb` or `#rrggbb`. The text must be one of the two. */
export function hex(text: string): Color {
  const digits = text.slice(1)
  const full = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits
  const value = Number.parseInt(full, 16)
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255]
}

/** Returns the colour a share `t` (0..1) of the way from `a` to `b`. */
export function mix(a: Color, b: Color, t: number): Color {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]
}

/** Returns the perceived lightness of a colour, 0 (black) to 1 (white). */
export function luma(color: Color): number {
  return color[0] * 0.299 + color[1] * 0.587 + color[2] * 0.114
}

const SHADOW: Color = [0.09, 0.08, 0.2]
const GLARE: Color = [1, 0.98, 0.93]

/**
 * Returns a colour in shadow: `amount` (0..1) of the way to a deep cool tone that keeps some of its
 * hue.
 */
export function darken(color: Color, amount: number): Color {
  const deep: Color = [
    color[0] * 0.35 + SHADOW[0] * 0.3,
    color[1] * 0.3 + SHADOW[1] * 0.3,
    color[2] * 0.4 + SHADOW[2] * 0.45,
  ]
  return mix(color, deep, amount)
}

/** Returns a colour in light: `amount` (0..1) of the way to a warm white. */
export function lighten(color: Color, amount: number): Color {
  return mix(color, GLARE, amount)
}

/** Returns the product of each component, like a coloured light on a coloured thing. */
export function multiply(a: Color, b: Color): Color {
  return [a[0] * b[0], a[1] * b[1], a[2] * b[2]]
}

/** Returns a colour with its saturation scaled: 0 gives grey, 1 leaves it unchanged. */
export function saturate(color: Color, factor: number): Color {
  const grey = luma(color)
  return [
    clamp(grey + (color[0] - grey) * factor, 0, 1),
    clamp(grey + (color[1] - grey) * factor, 0, 1),
    clamp(grey + (color[2] - grey) * factor, 0, 1),
  ]
}

/** Returns a colour of the same lightness whose hue is a share `t` of the way to the hue of `tint`. */
export function tinted(color: Color, tint: Color, t: number): Color {
  const light = luma(color)
  const base = Math.max(luma(tint), 0.02)
  const full: Color =
    light < base
      ? [(tint[0] * light) / base, (tint[1] * light) / base, (tint[2] * light) / base]
      : mix(tint, [1, 1, 1], (light - base) / Math.max(1 - base, 0.02))
  return mix(color, [clamp(full[0], 0, 1), clamp(full[1], 0, 1), clamp(full[2], 0, 1)], t)
}
