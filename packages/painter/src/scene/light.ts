import { hex, luma, mix, multiply, saturate, tinted } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import type { Random } from '../raster/random.ts'
import type { Scene } from './read-scene.ts'
import type { Time } from './read-words.ts'

/** Colours of the sky, the water and the light of an outdoor scene. */
export interface Light {
  readonly time: Time
  readonly dark: boolean
  /** From the zenith down to the horizon. */
  readonly sky: readonly Color[]
  readonly sun: Color
  readonly glow: Color
  /** Colour that distant things fade to. */
  readonly haze: Color
  /** Colour of silhouettes in the foreground. */
  readonly near: Color
  /** Colour of the light on things; their own colours are multiplied by it. */
  readonly ambient: Color
  /** Colours of far and near water. */
  readonly water: readonly [Color, Color]
  readonly foliage: readonly Color[]
  readonly lamp: Color
  /** Height of the sun or moon above the horizon, as a share of the sky. */
  readonly height: number
}

type Row = readonly [
  sky: string,
  sun: string,
  glow: string,
  haze: string,
  near: string,
  ambient: string,
  water: string,
  height: number,
]

const ROWS: Readonly<Record<Time, Row>> = {
  dawn: [
    '#46578c #8b86b4 #dba6ae #f8cfae #fdebcb',
    '#fff4da',
    '#ffcf9f',
    '#d9b3b8',
    '#27304f',
    '#f2d3d0',
    '#f3c4ae #4d6592',
    0.14,
  ],
  sunrise: [
    '#4f7fb0 #93b4c6 #f2cfa4 #fbbd80 #ffe3b0',
    '#fff8e2',
    '#ffc477',
    '#e8c0a2',
    '#283a4f',
    '#ffe0bd',
    '#f6c596 #3f6f8f',
    0.2,
  ],
  day: [
    '#3f9bd8 #78bfe8 #aedcf1 #d6eff4 #f1f8ee',
    '#fffdf0',
    '#fff3c8',
    '#bcdce6',
    '#1f4a52',
    '#fffaf0',
    '#7fcfd8 #1c78a6',
    0.66,
  ],
  golden: [
    '#6aa3bd #a8c4b8 #f0d6a0 #fbc877 #ffe6a9',
    '#fff7d6',
    '#ffcf70',
    '#e9c998',
    '#3a3a3c',
    '#ffe3b0',
    '#f0cb8e #3d7b8a',
    0.3,
  ],
  sunset: [
    '#3b3a78 #83508f #dd6a7b #f9986a #ffd08a',
    '#fff0c4',
    '#ff9f5c',
    '#d98a86',
    '#2a2145',
    '#ffc9ab',
    '#f79d75 #433a72',
    0.13,
  ],
  dusk: [
    '#1d2750 #3d437b #7a5f98 #c98a9f #f0b8a0',
    '#fbe3c8',
    '#f2a38c',
    '#8d7ba6',
    '#151a38',
    '#a9a3cf',
    '#a884a6 #262f5e',
    0.1,
  ],
  night: [
    '#0a1130 #101c46 #1b3063 #2c4d80 #4a7398',
    '#f7f3dc',
    '#9fc3e6',
    '#33557f',
    '#070d22',
    '#6f86bd',
    '#33587f #0a1534',
    0.62,
  ],
}

const FOLIAGE: Readonly<Record<string, string>> = {
  spring: '#7fae5c #9cc46a #f2b6c4 #e88fa8',
  summer: '#2f7d55 #4b9a5a #6fb35f #24654f',
  autumn: '#c9502c #e2832f #efb042 #9c3f2e',
  winter: '#56777d #7f9ba0 #3f636c #a9bfc4',
}

const list = (text: string): Color[] => text.split(' ').map(hex)

/** Chooses the colours for the time, weather, season, style and named tints of a scene. */
export function chooseLight(scene: Scene, random: Random): Light {
  const time = scene.time ?? defaultTime(scene, random)
  const [skyText, sun, glow, haze, near, ambient, water, height] = ROWS[time]
  const [far, close] = list(water)
  const plain: Light = {
    time,
    dark: time === 'night' || time === 'dusk',
    sky: list(skyText),
    sun: hex(sun),
    glow: hex(glow),
    haze: hex(haze),
    near: hex(near),
    ambient: hex(ambient),
    water: [far!, close!],
    foliage: list(FOLIAGE[scene.season ?? (scene.weather === 'snow' ? 'winter' : 'summer')]!),
    lamp: hex('#ffd27a'),
    height: height + random.range(-0.04, 0.05),
  }
  return recolor(plain, (color) => gradeColor(weathered(color, plain, scene), scene))
}

function defaultTime(scene: Scene, random: Random): Time {
  if (scene.styles.includes('neon')) return 'night'
  if (scene.season === 'autumn') return 'golden'
  if (scene.mood === 'dramatic') return 'sunset'
  return random.pick(['day', 'day', 'sunrise', 'golden', 'sunset', 'dawn'] as const)
}

function recolor(light: Light, change: (color: Color) => Color): Light {
  return {
    ...light,
    sky: light.sky.map(change),
    sun: change(light.sun),
    glow: change(light.glow),
    haze: change(light.haze),
    near: change(light.near),
    ambient: change(light.ambient),
    water: [change(light.water[0]), change(light.water[1])],
    foliage: light.foliage.map(change),
  }
}

function weathered(color: Color, light: Light, scene: Scene): Color {
  const grey = luma(color)
  if (scene.weather === 'rain') {
    return mix(saturate(color, 0.62), multiply(color, hex('#8b9fb5')), 0.6)
  }
  if (scene.weather === 'storm') {
    return mix(saturate(color, 0.5), multiply(color, hex('#6a7a92')), 0.8)
  }
  if (scene.weather === 'fog') return mix(saturate(color, 0.7), light.haze, 0.22)
  if (scene.weather === 'snow' || scene.season === 'winter') {
    return mix(color, [grey * 0.93, grey * 1.0, Math.min(1, grey * 1.06)], 0.4)
  }
  return color
}

/** Returns a colour after the styles and the named tint of a scene. */
export function gradeColor(color: Color, scene: Scene): Color {
  let result = color
  if (scene.colors.length > 0) result = tinted(result, hex(scene.colors[0]!), 0.5)
  if (scene.styles.includes('mono')) result = saturate(result, 0)
  if (scene.styles.includes('pastel')) result = mix(saturate(result, 0.8), [1, 0.965, 0.94], 0.34)
  if (scene.styles.includes('vintage')) {
    result = mix(saturate(result, 0.72), multiply(result, hex('#f3d9ae')), 0.7)
  }
  if (scene.styles.includes('neon')) result = saturate(mix(result, hex('#4a1f8f'), 0.22), 1.35)
  return result
}
