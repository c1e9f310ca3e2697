import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial, vertical } from '../raster/gradient.ts'
import { line, polygon, rect } from '../raster/path.ts'
import type { Random } from '../raster/random.ts'
import { tone } from './painter.ts'
import type { Stage } from './painter.ts'

const FACADES = ['#c9785a', '#e0b37a', '#7d9aa0', '#a86a62', '#d9cbb0', '#6f8a78'].map(hex)

/** One house of a street. */
interface House {
  /** Left edge. */
  x: number
  /** Height of the pavement. */
  base: number
  w: number
  h: number
  /** Position in the street, which decides the colour of the front. */
  index: number
  random: Random
}

/** Paints the front of a house. */
export function paintHouse(stage: Stage, house: House): void {
  const { x, base, w, h, index, random } = house
  const { pen, light } = stage
  const wall = mix(
    tone(stage, FACADES[(index + random.int(0, 1)) % FACADES.length]!, 0.08),
    light.near,
    0.14,
  )
  const top = base - h
  paintRoof(stage, house)
  pen.fill(rect(x + w * 0.7, top - 15, w * 0.1, 10), darken(wall, 0.4))
  pen.fill(
    rect(x, top, w + 0.2, h),
    linear(0, top, 0, base, [
      [0, lighten(wall, 0.06)],
      [1, darken(wall, 0.26)],
    ]),
  )
  pen.fill(rect(x, top, w, 1.6), lighten(wall, 0.26))
  pen.fill(rect(x + w - 1.2, top, 1.2, h), darken(wall, 0.5), { opacity: 0.4 })
  paintWindows(stage, house, wall)
  pen.fill(rect(x + w * 0.14, base - 20, w * 0.26, 20), darken(wall, 0.62))
  pen.fill(
    rect(x + w * 0.52, base - 19, w * 0.36, 13),
    mix(light.lamp, wall, light.dark ? 0.25 : 0.7),
  )
}

function paintRoof(stage: Stage, { x, base, w, h, random }: House): void {
  const { pen, light } = stage
  const top = base - h
  const roof = mix(tone(stage, hex('#5b4a55')), light.near, 0.3)
  if (random.chance(0.5)) {
    pen.fill(
      polygon([
        [x - 0.6, top],
        [x + w * 0.14, top - 10],
        [x + w * 0.86, top - 10],
        [x + w + 0.6, top],
      ]),
      linear(0, top - 10, 0, top, [
        [0, lighten(roof, 0.14)],
        [1, roof],
      ]),
    )
  } else {
    pen.fill(
      polygon([
        [x - 0.6, top],
        [x + w / 2, top - 15],
        [x + w + 0.6, top],
      ]),
      linear(0, top - 15, 0, top, [
        [0, lighten(roof, 0.14)],
        [1, roof],
      ]),
    )
  }
}

function paintWindows(stage: Stage, { x, base, w, h, random }: House, wall: Color): void {
  const { pen, light } = stage
  const top = base - h
  const across = w > 40 ? 4 : w > 26 ? 3 : 2
  const cell = w / across
  for (let y = top + 6; y < base - 34; y += 15) {
    for (let i = 0; i < across; i++) {
      const lit = random.chance(light.dark || stage.scene.weather === 'rain' ? 0.62 : 0.06)
      const [wx, ww] = [x + cell * (i + 0.24), cell * 0.52]
      paintWindow(stage, { x: wx, y, w: ww, lit, wall })
      if (random.chance(0.3)) {
        pen.fill(rect(wx - 0.8, y + 10.6, ww + 1.6, 1.8), mix(light.foliage[1]!, light.near, 0.2))
      }
    }
  }
}

/** A window of a house, from its top left corner. */
interface WindowOptions {
  x: number
  y: number
  w: number
  lit: boolean
  wall: Color
}

function paintWindow({ pen, light }: Stage, { x, y, w, lit, wall }: WindowOptions): void {
  pen.fill(rect(x - 0.7, y - 0.7, w + 1.4, 11.4), lighten(wall, 0.34))
  const [upper, lower] = lit
    ? [light.lamp, lighten(light.lamp, 0.35)]
    : [mix(light.sky[1]!, light.near, 0.5), mix(light.sky[2]!, light.near, 0.2)]
  pen.fill(rect(x, y, w, 10), vertical(y, y + 10, [upper, lower]))
  pen.stroke(
    line([
      [x + w / 2, y],
      [x + w / 2, y + 10],
    ]),
    0.4,
    lighten(wall, 0.3),
  )
  pen.stroke(
    line([
      [x, y + 4],
      [x + w, y + 4],
    ]),
    0.4,
    lighten(wall, 0.3),
  )
  if (lit) {
    pen.fill(
      rect(x - 3, y - 3, w + 6, 16),
      radial(x + w / 2, y + 5, 9, [
        [0, light.lamp, 0.3],
        [1, light.lamp, 0],
      ]),
      { mode: 'screen' },
    )
  }
}
