import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, vertical } from '../raster/gradient.ts'
import { line, polygon, rect } from '../raster/path.ts'
import { has } from '../scene/read-scene.ts'
import type { Box } from './box.ts'
import { paintFurniture } from './furniture.ts'
import type { Stage } from './painter.ts'
import { paintSill, paintWindow } from './window.ts'

/** Paints a room seen from the front, with the light of a window on the floor. */
export function paintInterior(stage: Stage): void {
  const { pen, scene, studio, random, width, height, light } = stage
  const middle = width / 2
  const floor = height * 0.5 + Math.min(24, height * 0.22)
  const night = light.dark
  const air = airOf(stage)
  const wall = mix(mix(studio.ground, studio.accents[2], 0.16), air, night ? 0.5 : 0.28)
  const wood = mix(hex('#cf9d6c'), air, night ? 0.45 : 0.14)
  pen.fill(
    rect(-1, -1, width + 2, height + 2),
    linear(0, 0, 0, floor, [
      [0, darken(wall, 0.1)],
      [1, lighten(wall, night ? 0.04 : 0.22)],
    ]),
  )
  pen.fill(
    rect(-1, floor, width + 2, height),
    vertical(floor, height, [lighten(wood, 0.16), darken(wood, 0.22)]),
  )
  for (let i = -16; i <= 16; i++) {
    pen.stroke(
      line([
        [middle + i * 11, floor],
        [middle + i * 27, height + 2],
      ]),
      0.22,
      darken(wood, 0.5),
      { opacity: 0.4 },
    )
  }
  pen.fill(rect(-1, floor - 2.4, width + 2, 2.6), lighten(wall, night ? 0.1 : 0.5))
  const seat = has(scene, 'window') && !has(scene, 'room', 'bedroom', 'kitchen')
  const glass = seat
    ? { x: middle - 33, y: floor - 66, w: 66, h: 58 }
    : { x: middle - 24 + random.range(-3, 3), y: floor - 62, w: 48, h: 42 }
  paintWindow(stage, glass, wall)
  if (seat) return paintSill(stage, glass, wood, wall)
  paintSunPatch(stage, glass, floor)
  paintFurniture(stage, floor, wall)
}

/** Returns the colour of the light in a room. */
function airOf({ scene, light }: Stage): Color {
  if (light.dark) return hex('#3a3f66')
  const warm = has(scene, 'plan') || light.time === 'golden' || scene.mood === 'cozy'
  return hex(warm ? '#ffe4bd' : '#fff6e6')
}

function paintSunPatch({ pen, light, height }: Stage, { x, w }: Box, floor: number): void {
  const glow = light.dark ? hex('#8fa8e0') : light.glow
  for (const t of [0, 0.53]) {
    const left = x + w * t - 4
    const right = left + w * 0.46
    pen.soft(
      polygon([
        [left, floor + 4],
        [right, floor + 4],
        [right + 14, height - 6],
        [left + 8, height - 6],
      ]),
      1.6,
      glow,
      { opacity: light.dark ? 0.14 : 0.4, mode: 'screen' },
    )
  }
}
