import { hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial, vertical } from '../raster/gradient.ts'
import { lerp } from '../raster/math.ts'
import { createFbm } from '../raster/noise.ts'
import { circle, ellipse, join, line, polygon, rect } from '../raster/path.ts'
import type { Path } from '../raster/path.ts'
import type { Random } from '../raster/random.ts'
import { has } from '../scene/read-scene.ts'
import { richness } from './painter.ts'
import type { Stage } from './painter.ts'

/** The sun or the moon: its centre and radius, units. */
export interface Sun {
  readonly x: number
  readonly y: number
  readonly r: number
}

/**
 * Paints the sky down to `horizon` and returns the place of the sun or moon. `sunX` is a share of
 * the width.
 */
export function paintSky(stage: Stage, horizon: number, sunX: number): Sun {
  const { pen, light, scene, random, width } = stage
  const sun: Sun = {
    x: width * sunX,
    y: horizon - horizon * Math.min(0.86, light.height),
    r: light.time === 'night' ? 6.5 : random.range(6, 8.5),
  }
  pen.fill(rect(-1, -1, width + 2, stage.height + 2), vertical(0, horizon, light.sky))
  if (light.dark) paintStars(stage, horizon)
  if (has(scene, 'sky') && light.time === 'night') paintAurora(stage, horizon)
  const veiled = scene.weather === 'rain' || scene.weather === 'storm'
  const reach = light.time === 'day' ? 34 : 62
  pen.fill(
    circle(sun.x, sun.y, reach),
    radial(sun.x, sun.y, reach, [
      [0, light.glow, veiled ? 0.25 : 0.75],
      [0.3, light.glow, veiled ? 0.12 : 0.32],
      [1, light.glow, 0],
    ]),
  )
  if (!veiled) paintDisc(stage, sun)
  paintClouds(stage, horizon, sun)
  if (has(scene, 'sky') && scene.weather === 'rain') paintRainbow(stage, horizon)
  if (scene.weather === 'storm') paintBolt(stage, horizon)
  return sun
}

function paintDisc({ pen, light, random }: Stage, { x, y, r }: Sun): void {
  if (light.time !== 'night') {
    pen.fill(circle(x, y, r * 1.5), light.sun, { opacity: 0.22 })
    pen.fill(circle(x, y, r), light.sun)
    return
  }
  pen.fill(
    circle(x, y, r * 2.1),
    radial(x, y, r * 2.1, [
      [0.45, light.glow, 0.4],
      [1, light.glow, 0],
    ]),
  )
  pen.fill(
    circle(x, y, r),
    radial(x - r * 0.3, y - r * 0.3, r * 1.5, [
      [0, hex('#fffdf2')],
      [1, light.sun],
    ]),
  )
  for (let i = 0; i < 4; i++) {
    const [dx, dy] = [random.range(-0.62, 0.62) * r, random.range(-0.62, 0.62) * r]
    pen.clip(circle(x, y, r), () =>
      pen.fill(circle(x + dx, y + dy, r * random.range(0.1, 0.24)), light.glow, { opacity: 0.3 }),
    )
  }
}

/** Paints stars, most of them in the upper part of the sky. */
function paintStars(stage: Stage, horizon: number): void {
  const { pen, light, width } = stage
  const random = stage.random.fork('stars')
  const count = Math.round((((light.time === 'night' ? 1.5 : 0.6) * (width * horizon)) / 100) * 1.6)
  for (let i = 0; i < count; i++) {
    const y = random.next() * random.next() * horizon
    const r = random.chance(0.08) ? random.range(0.24, 0.36) : random.range(0.08, 0.19)
    pen.fill(circle(random.range(0, width), y, r), light.sun, {
      opacity: random.range(0.35, 0.95) * (1 - y / horizon),
    })
  }
}

function paintAurora({ pen, random, width }: Stage, horizon: number): void {
  const noise = createFbm(random.int(0, 1e9), 3)
  const bands = [hex('#5af2b0'), hex('#58c7f0'), hex('#b07bf0')]
  bands.forEach((color, i) => {
    const base = horizon * (0.5 + i * 0.1)
    pen.field(
      [0, 0, width, horizon],
      1.2,
      (x, y) => {
        const foot = base + (noise(x * 0.022 + i * 9, 1) - 0.5) * 46
        const up = foot - y
        if (up < 0) return Math.max(0, 1 + up / 3) * 0.55
        const rays = 0.45 + 0.75 * noise(x * 0.14 + i * 50, 7)
        return Math.max(0, 1 - up / (24 + 22 * noise(x * 0.05, i * 5))) * rays * 0.62
      },
      color,
      { mode: 'screen' },
    )
  })
}

function paintRainbow({ pen, width }: Stage, horizon: number): void {
  const colors = ['#e8574f', '#f3a04e', '#f6dc6a', '#74c17a', '#5fa9de', '#8a75c9'].map(hex)
  colors.forEach((color, i) =>
    pen.stroke(circle(width * 0.5, horizon + 6, 62 - i * 1.5), 1.6, color, { opacity: 0.4 }),
  )
}

function paintBolt({ pen, random, width }: Stage, horizon: number): void {
  let x = width * random.range(0.25, 0.75)
  const points: [number, number][] = []
  for (let i = 0; i <= 12; i++) {
    points.push([
      (x += (i % 2 === 0 ? 1 : -1) * random.range(0.5, 5)),
      lerp(horizon * 0.12, horizon, i / 12),
    ])
  }
  pen.soft(line(points).concat(line(points.toReversed())), 4, hex('#cfe0ff'), { mode: 'screen' })
  pen.stroke(line(points), 0.6, hex('#f6f8ff'))
}

/** Returns a cloud with a flat bottom, `w` units wide; (x, y) is the middle of its bottom. */
export function cloudShape(x: number, y: number, w: number, random: Random): Path {
  const puffs = random.int(4, 6)
  const parts: Path[] = [ellipse(x, y - w * 0.035, w * 0.5, w * 0.055)]
  for (let i = 0; i < puffs; i++) {
    const t = (i + 0.5) / puffs
    const lift = 1 - (t * 2 - 1) * (t * 2 - 1)
    const r = w * (0.07 + 0.085 * lift * random.range(0.75, 1.25))
    parts.push(circle(x + (t - 0.5) * w * 0.76, y - r * 0.75 - w * 0.01, r))
  }
  return join(...parts)
}

function paintClouds(stage: Stage, horizon: number, sun: Sun): void {
  const { pen, light, scene, width } = stage
  const random = stage.random.fork('clouds')
  const heavy = scene.weather === 'storm' || scene.weather === 'rain'
  const count = Math.round(
    (heavy ? 9 : has(scene, 'sky') ? 7 : light.time === 'night' ? 3 : 5) *
      richness(stage) *
      Math.max(1, width / 140),
  )
  const body: Color = heavy
    ? mix(light.sky[0]!, light.near, 0.25)
    : mix(light.sky.at(-1)!, light.sun, light.dark ? 0 : 0.4)
  for (let i = 0; i < count; i++) {
    const depth = i / Math.max(count - 1, 1)
    const y = horizon * lerp(0.86, heavy ? 0.1 : 0.22, depth) + random.range(-3, 3)
    const x = width * ((i * 0.618 + random.range(0, 0.2)) % 1.1) - width * 0.05
    const w = lerp(18, 46, depth) * random.range(0.75, 1.3)
    if (light.time === 'day' || heavy || has(scene, 'sky')) {
      const near = Math.max(0, 1 - Math.abs(x - sun.x) / (width * 0.5))
      const color = lighten(body, light.dark ? 0 : near * 0.4)
      pen.fill(
        cloudShape(x, y, w, random),
        linear(0, y - w * 0.28, 0, y, [
          [0, color, light.dark ? 0.5 : 0.96],
          [0.65, color, light.dark ? 0.34 : 0.7],
          [1, color, 0.1],
        ]),
      )
    } else paintStreak(stage, { x, y, w: w * 1.5, color: mix(body, light.glow, 0.45), random })
  }
}

/** A thin cloud from its left end. */
interface Streak {
  x: number
  y: number
  w: number
  color: Color
  random: Random
}

/** Paints the long thin clouds that surround a low sun. */
function paintStreak({ pen, light }: Stage, { x, y, w, color, random }: Streak): void {
  const h = w * random.range(0.018, 0.034)
  const parts: Path[] = []
  for (let i = 0; i < 3; i++) {
    const length = w * random.range(0.4, 1)
    const left = x + random.range(-0.4, 0.1) * w
    parts.push(lens(left, y + (i - 1) * h * 0.9, length, h))
  }
  for (const part of parts) pen.fill(part, color, { opacity: light.time === 'night' ? 0.16 : 0.42 })
}

function lens(x: number, y: number, w: number, h: number): Path {
  return [
    0,
    x,
    y,
    3,
    x + w * 0.3,
    y - h,
    x + w * 0.7,
    y - h,
    x + w,
    y,
    3,
    x + w * 0.7,
    y + h * 0.55,
    x + w * 0.3,
    y + h * 0.55,
    x,
    y,
    4,
  ]
}

/** Paints shafts of light from the sun down to `bottom`. */
export function paintShafts({ pen, light, random }: Stage, sun: Sun, bottom: number): void {
  for (let i = 0; i < 6; i++) {
    const spread = random.range(-1, 1)
    const w = random.range(2, 6)
    const top = sun.x + spread * 30
    const foot = sun.x + spread * 62
    const shaft = polygon([
      [top - w * 0.5, -2],
      [top + w * 0.5, -2],
      [foot + w, bottom],
      [foot - w, bottom],
    ])
    pen.soft(
      shaft,
      1.6,
      linear(top, 0, foot, bottom, [
        [0, light.glow, 0.26],
        [1, light.glow, 0],
      ]),
      { mode: 'screen' },
    )
  }
}

/** Paints rain, snow or fog in front of everything else. */
export function paintWeather(stage: Stage): void {
  const { pen, scene, light, width, height } = stage
  const random = stage.random.fork('weather')
  if (scene.weather === 'rain' || scene.weather === 'storm') {
    for (let i = 0; i < (width * height) / 90; i++) {
      const x = random.range(-10, width)
      const y = random.range(-10, height)
      const l = random.range(3, 8)
      pen.stroke(
        line([
          [x, y],
          [x + l * 0.22, y + l],
        ]),
        0.16,
        lighten(light.haze, 0.6),
        { opacity: random.range(0.15, 0.5) },
      )
    }
  }
  if (scene.weather === 'snow') {
    for (let i = 0; i < (width * height) / 60; i++) {
      const near = random.next()
      pen.fill(
        circle(random.range(0, width), random.range(0, height), lerp(0.18, 0.7, near * near)),
        [1, 1, 1],
        { opacity: lerp(0.4, 0.85, near) },
      )
    }
  }
  if (scene.weather === 'fog') {
    const noise = createFbm(random.int(0, 1e9), 3)
    pen.field(
      [0, height * 0.3, width, height * 0.7],
      2,
      (x, y) =>
        Math.max(0, noise(x * 0.02, y * 0.06) - 0.36) * 1.1 * Math.min(1, (y - height * 0.3) / 25),
      light.haze,
    )
  }
}
