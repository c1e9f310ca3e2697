import { hex, luma, mix, multiply, saturate, tinted } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { boxBlur } from '../raster/grid.ts'
import { clamp, smoothstep } from '../raster/math.ts'
import type { RawPicture } from '../raster/png.ts'
import { createRandom } from '../raster/random.ts'
import { chooseLight } from '../scene/light.ts'
import type { Scene } from '../scene/read-scene.ts'
import { addRain, addSnow } from './falling.ts'
import { findSky, isSkyAt } from './find-sky.ts'
import { sample } from './sample.ts'
import { addStars } from './stars.ts'

/** What is relit, and how. */
interface RelightOptions {
  readonly base: RawPicture
  readonly mask: RawPicture | null
  readonly scene: Scene
  readonly seed: string
  /** Size of the result, px. The base is cropped about its middle to the same shape. */
  readonly width: number
  readonly height: number
}

/** Relights a picture in the light, weather and colours of a scene, where the mask allows it. */
export function relight({ base, mask, scene, seed, width, height }: RelightOptions): RawPicture {
  const data = new Uint8Array(width * height * 4)
  const kept = new Float32Array(width * height)
  const grade = createGrade(scene, seed, mask !== null)
  const sky = INDOORS.has(scene.kind) ? null : findSky(base, width, height)
  const scale = Math.min(base.width / width, base.height / height)
  const left = (base.width - width * scale) / 2
  const top = (base.height - height * scale) / 2
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 4) {
      const color = sample(base, left + (x + 0.5) * scale - 0.5, top + (y + 0.5) * scale - 0.5)
      const keep =
        mask === null
          ? 0
          : sample(
              mask,
              ((x + 0.5) * mask.width) / width - 0.5,
              ((y + 0.5) * mask.height) / height - 0.5,
            )[3]
      const [r, g, b, alpha] = color
      kept[to / 4] = keep
      const inSky = sky !== null && isSkyAt(sky, x / width, y / height)
      const changed = keep === 1 ? color : mix(grade([r, g, b], y / height, inSky), [r, g, b], keep)
      for (let k = 0; k < 3; k++) data[to + k] = Math.round(clamp(changed[k]!, 0, 1) * 255)
      data[to + 3] = Math.round(alpha * 255)
    }
  }
  const picture: RawPicture = { width, height, data }
  const random = createRandom(seed)
  if (isDark(scene)) {
    bloom(data, width, height, kept)
    if (sky !== null) addStars(picture, sky, kept, random.fork('stars'), scene.time === 'night')
  }
  if (isSnowy(scene)) addSnow(picture, sky, kept, random.fork('snow'))
  if (scene.weather === 'rain' || scene.weather === 'storm') {
    addRain(picture, kept, random.fork('rain'))
  }
  return picture
}

/** Genres without a sky. */
const INDOORS: ReadonlySet<Scene['kind']> = new Set([
  'interior',
  'product',
  'food',
  'item',
  'portrait',
  'fashion',
  'logo',
  'steps',
  'screen',
  'pattern',
  'card',
])

function isDark({ time }: Scene): boolean {
  return time === 'night' || time === 'dusk'
}

function isSnowy({ weather, season }: Scene): boolean {
  return weather === 'snow' || (season === 'winter' && weather === 'clear')
}

const GLOW: Color = [1, 0.74, 0.4]

/**
 * Adds a warm glow around bright places, computed on coarse cells and blended where the picture may
 * change.
 */
function bloom(data: Uint8Array, width: number, height: number, kept: Float32Array): void {
  const cell = Math.max(1, Math.ceil(Math.min(width, height) / 90))
  const columns = Math.ceil(width / cell)
  const rows = Math.ceil(height / cell)
  const values = new Float32Array(columns * rows)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 4
      const light = smoothstep(
        0.7,
        0.9,
        (data[i]! * 0.299 + data[i + 1]! * 0.587 + data[i + 2]! * 0.114) / 255,
      )
      const at = Math.floor(y / cell) * columns + Math.floor(x / cell)
      values[at] = values[at]! + light / (cell * cell)
    }
  }
  for (let pass = 0; pass < 2; pass++) {
    boxBlur(values, rows, columns, columns, 1, 4)
    boxBlur(values, columns, rows, 1, columns, 4)
  }
  const glow: RawPicture = {
    width: columns,
    height: rows,
    data: new Uint8Array(columns * rows * 4),
  }
  for (let i = 0; i < values.length; i++) {
    glow.data[i * 4] = Math.round(clamp(values[i]! * 2.2, 0, 0.8) * 255)
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const strength =
        sample(glow, (x + 0.5) / cell - 0.5, (y + 0.5) / cell - 0.5)[0] * (1 - kept[y * width + x]!)
      if (strength === 0) continue
      const i = (y * width + x) * 4
      for (let k = 0; k < 3; k++) {
        data[i + k] = Math.round(data[i + k]! + GLOW[k]! * strength * (255 - data[i + k]!))
      }
    }
  }
}

/**
 * Creates the change of each colour; `down` is its height, 0 (top) to 1 (bottom). At dark hours,
 * warm and bright colours stay lit: lamps, windows, the low sun.
 */
function createGrade(
  scene: Scene,
  seed: string,
  masked: boolean,
): (color: Color, down: number, inSky: boolean) => Color {
  const light = chooseLight(scene, createRandom(seed))
  // A mask selects one thing, so its colour is that of everything within the mask.
  const named = masked ? scene.things.find(({ color }) => color !== null)?.color : null
  const tint = named ?? scene.colors[0] ?? null
  const hour = scene.time
  return (color, down, inSky) => {
    let result = color
    if (hour !== null) {
      const sky = mix(light.sky[1]!, light.sky.at(-1)!, smoothstep(0, 0.75, down))
      if (light.dark) {
        const lamp = Math.max(smoothstep(0.9, 0.965, luma(color)), inSky ? 0 : warmth(color))
        const dimmed = mix(
          multiply(saturate(color, 0.75), light.ambient),
          multiply(color, light.near),
          hour === 'night' ? 0.56 : 0.18,
        )
        result = mix(mix(dimmed, sky, 0.14), mix(color, light.lamp, 0.55), lamp * 0.92)
      } else {
        result = mix(
          multiply(color, mix(light.ambient, [1, 1, 1], 0.3)),
          tinted(color, sky, 1),
          hour === 'day' ? 0.08 : 0.3,
        )
      }
    }
    if (isSnowy(scene)) result = snowed(result, color, down, light.dark)
    else if (scene.weather !== 'clear') {
      result = mix(saturate(result, 0.6), light.haze, scene.weather === 'fog' ? 0.4 : 0.22)
    }
    if (scene.season === 'autumn') result = mix(result, tinted(result, hex('#d9843a'), 1), 0.34)
    if (tint !== null) result = tinted(result, hex(tint), masked ? 0.8 : 0.5)
    if (scene.styles.includes('mono')) result = saturate(result, 0)
    if (scene.styles.includes('vintage')) {
      result = mix(saturate(result, 0.6), multiply(result, hex('#f0d3a0')), 0.7)
    }
    return result
  }
}

/** Returns how much a colour looks like a lit window or lamp, 0..1. */
function warmth([r, g, b]: Color): number {
  return smoothstep(0.86, 0.96, r) * smoothstep(0.64, 0.76, g) * smoothstep(0.16, 0.36, r - b)
}

/** Returns a colour in a snowy landscape: the air is pale and cold, and what grows lies under snow. */
function snowed(result: Color, original: Color, down: number, dark: boolean): Color {
  const [r, g, b] = original
  const cold = mix(
    saturate(result, 0.5),
    dark ? hex('#6f86ad') : hex('#dfe8f1'),
    dark ? 0.16 : 0.26,
  )
  const green = smoothstep(0.01, 0.09, g - Math.max(r * 0.94, b))
  const earth = smoothstep(0.06, 0.22, r - b) * smoothstep(0.5, 0.8, down) * 0.8
  const grey = luma(result)
  const snow: Color = dark
    ? [0.34 + grey * 0.5, 0.4 + grey * 0.5, 0.54 + grey * 0.46]
    : [0.72 + grey * 0.28, 0.78 + grey * 0.22, 0.86 + grey * 0.14]
  return mix(cold, snow, Math.max(green, earth) * 0.86)
}
