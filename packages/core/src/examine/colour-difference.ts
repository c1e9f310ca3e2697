/** A colour in CIELAB, under D65. */
export interface Lab {
  l: number
  a: number
  b: number
}

const DEGREE = Math.PI / 180
const POW25_7 = 25 ** 7

/** Linear light of an 8-bit sRGB channel, 0 to 1. IEC 61966-2-1. */
export const linearLight: Float64Array = Float64Array.from({ length: 256 }, (_, value) =>
  linearOf(value),
)

/** Returns the linear light of an sRGB channel of 0 to 255, which may have decimals. */
export function linearOf(value: number): number {
  const share = value / 255
  return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}

/** Returns the sRGB channel, 0 to 255, of linear light from 0 to 1. */
export function channelOf(linear: number): number {
  return 255 * (linear <= 0.003_130_8 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055)
}

/** Converts a colour from sRGB, 0 to 255, to CIELAB. */
export function toLab(red: number, green: number, blue: number): Lab {
  const [r, g, b] = [linearOf(red), linearOf(green), linearOf(blue)]
  const x = root((0.412_456_4 * r + 0.357_576_1 * g + 0.180_437_5 * b) / 0.950_47)
  const y = root(0.212_672_9 * r + 0.715_152_2 * g + 0.072_175 * b)
  const z = root((0.019_333_9 * r + 0.119_192 * g + 0.950_304_1 * b) / 1.088_83)
  return { l: 116 * y - 16, a: 500 * (x - y), b: 200 * (y - z) }
}

function root(value: number): number {
  return value > 216 / 24_389 ? Math.cbrt(value) : (value * (24_389 / 27) + 16) / 116
}

/**
 * Returns how different two colours look: CIEDE2000. About 1 is just visible, and 100 is black and
 * white. Formulas and test data: Sharma, Wu and Dalal, Color Research and Application 30 (2005).
 */
export function colourDifference(one: Lab, other: Lab): number {
  const meanC = (Math.hypot(one.a, one.b) + Math.hypot(other.a, other.b)) / 2
  const stretch = 1.5 - 0.5 * Math.sqrt(meanC ** 7 / (meanC ** 7 + POW25_7))
  const [a1, a2] = [one.a * stretch, other.a * stretch]
  const [c1, c2] = [Math.hypot(a1, one.b), Math.hypot(a2, other.b)]
  const [h1, h2] = [hueOf(a1, one.b), hueOf(a2, other.b)]
  const isGrey = c1 * c2 === 0
  const turn = isGrey ? 0 : shortTurn(h2 - h1)
  const hue = isGrey ? h1 + h2 : meanHue(h1, h2)
  const lightness = (one.l + other.l) / 2
  const chroma = (c1 + c2) / 2
  const t =
    1 -
    0.17 * Math.cos((hue - 30) * DEGREE) +
    0.24 * Math.cos(2 * hue * DEGREE) +
    0.32 * Math.cos((3 * hue + 6) * DEGREE) -
    0.2 * Math.cos((4 * hue - 63) * DEGREE)
  const fromMiddle = (lightness - 50) ** 2
  const dl = (other.l - one.l) / (1 + (0.015 * fromMiddle) / Math.sqrt(20 + fromMiddle))
  const dc = (c2 - c1) / (1 + 0.045 * chroma)
  const dh = (2 * Math.sqrt(c1 * c2) * Math.sin((turn / 2) * DEGREE)) / (1 + 0.015 * chroma * t)
  return Math.sqrt(dl * dl + dc * dc + dh * dh + rotation(chroma, hue) * dc * dh)
}

/** The term that turns the ellipses of blue colours. */
function rotation(chroma: number, hue: number): number {
  const angle = 30 * Math.exp(-(((hue - 275) / 25) ** 2))
  const strength = 2 * Math.sqrt(chroma ** 7 / (chroma ** 7 + POW25_7))
  return -Math.sin(2 * angle * DEGREE) * strength
}

/** Degrees, 0 to 360. */
function hueOf(a: number, b: number): number {
  if (a === 0 && b === 0) return 0
  const hue = Math.atan2(b, a) / DEGREE
  return hue < 0 ? hue + 360 : hue
}

function shortTurn(turn: number): number {
  if (turn > 180) return turn - 360
  return turn < -180 ? turn + 360 : turn
}

function meanHue(h1: number, h2: number): number {
  const sum = h1 + h2
  if (Math.abs(h1 - h2) <= 180) return sum / 2
  return sum < 360 ? (sum + 360) / 2 : (sum - 360) / 2
}
