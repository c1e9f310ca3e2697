import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { ellipse, line, polygon, rect } from '../raster/path.ts'
import { has } from '../scene/read-scene.ts'
import { createHill } from './hills.ts'
import { richness, tone } from './painter.ts'
import type { Stage } from './painter.ts'
import { paintShafts, paintSky } from './sky.ts'
import { paintGrass, paintPine, paintRoundTree, paintShrub, pineShape } from './trees.ts'
import type { View } from './view.ts'

/** Paints a clearing in a forest, with rows of trees from the haze to the dark foreground. */
export function paintForest(stage: Stage): View {
  const { pen, random, width, height, light, scene } = stage
  const horizon = height * 0.64
  const sun = paintSky(stage, horizon, 0.5 + random.range(-0.12, 0.12))
  const side = sun.x > width / 2 ? 1 : -1
  const pines = !scene.things.some(({ name }) => name === 'tree') || random.chance(0.4)
  for (const [i, depth] of [0.92, 0.7, 0.48].entries()) {
    paintRow(stage, { base: horizon + i * 2.5, depth, index: i, pines, side })
  }
  const glow = ellipse(width / 2, horizon + 2, width * 0.42, 20)
  pen.fill(
    glow,
    radial(width / 2, horizon + 2, Math.min(width * 0.42, 60), [
      [0, light.glow, 0.4],
      [1, light.glow, 0],
    ]),
    { mode: 'screen' },
  )
  if (!light.dark) paintShafts(stage, { ...sun, y: Math.min(sun.y, horizon * 0.4) }, height * 0.86)
  paintFloor(stage, horizon)
  for (const edge of [-1, 1]) {
    for (let i = 0; i < Math.round(5 * richness(stage)); i++) {
      const t = i / 5
      const x = edge < 0 ? width * (0.3 - t * 0.32) : width * (0.7 + t * 0.32)
      const y = horizon + 6 + t * (height - horizon) * 0.55
      const color = mix(
        tone(stage, random.pick(light.foliage), 0.3 - t * 0.28),
        light.near,
        0.16 + t * 0.4,
      )
      const h = (34 + t * 46) * random.range(0.85, 1.12)
      if (pines || i === 4) paintPine(pen, { x, y, h, color, sun: -edge, random })
      else paintRoundTree(pen, { x, y, h, color, sun: -edge, random })
    }
  }
  paintTrunks(stage)
  if (scene.season === 'autumn') paintFallingLeaves(stage)
  if (light.dark) paintFireflies(stage, horizon)
  return { horizon, ground: height * 0.86, sun: side, sunX: sun.x }
}

/** A row of trees; row 0 is the farthest. */
interface Row {
  /** Height of their feet. */
  base: number
  /** 0 near to 1 far. */
  depth: number
  index: number
  pines: boolean
  /** Side of the sun: 1 right, -1 left. */
  side: number
}

function paintRow(stage: Stage, { base, depth, index, pines, side }: Row): void {
  const { pen, light, width, random } = stage
  const step = 4.2 + index * 2
  for (let x = -4; x < width + 4; x += step * random.range(0.6, 1.3)) {
    const edge = Math.abs(x / width - 0.5) * 2
    const h = (20 + index * 7 + edge * 22) * random.range(0.72, 1.15)
    const color = mix(tone(stage, random.pick(light.foliage), depth), light.near, 0.1)
    if (pines && index < 2) {
      pen.fill(
        pineShape(x, base + 1, h, random),
        linear(0, base - h, 0, base, [
          [0, color],
          [1, mix(color, light.haze, 0.5)],
        ]),
      )
    } else if (pines) paintPine(pen, { x, y: base + 1, h, color, sun: side, random })
    else paintRoundTree(pen, { x, y: base + 1, h: h * 0.9, color, sun: side, random })
  }
  pen.fill(
    rect(-1, base - 18, width + 2, 20),
    linear(0, base - 18, 0, base + 2, [
      [0, light.haze, 0],
      [1, mix(light.haze, light.glow, 0.2), 0.62],
    ]),
  )
}

function paintFloor(stage: Stage, horizon: number): void {
  const { pen, light, width, height, random, scene } = stage
  const floor = tone(stage, groundOf(stage), 0.12)
  const { path } = createHill(stage, horizon + 4, 1.6, 4)
  pen.fill(
    path,
    linear(0, horizon, 0, height, [
      [0, mix(floor, light.glow, 0.35)],
      [0.4, floor],
      [1, mix(darken(floor, 0.6), light.near, 0.3)],
    ]),
  )
  paintPath(stage, horizon, floor)
  if (!has(scene, 'tree') || scene.season === 'autumn') paintLitter(stage, horizon)
  paintUndergrowth(stage, horizon)
  paintGrass(pen, {
    from: -2,
    to: width + 2,
    y: height + 1.5,
    h: 7,
    color: mix(darken(floor, 0.7), light.near, 0.5),
    random,
  })
}

/** Returns the own colour of the ground in the season. */
function groundOf({ light, scene }: Stage): Color {
  if (scene.season === 'autumn') return hex('#b9683a')
  if (scene.weather === 'snow' || scene.season === 'winter') return hex('#e6eef2')
  return mix(light.foliage[1]!, hex('#7d7a45'), 0.3)
}

function paintPath({ pen, light, width, height }: Stage, horizon: number, floor: Color): void {
  const middle = width / 2
  const track = `M${middle - 2} ${horizon + 3.4}C${middle + 7} ${horizon + 12} ${middle - 16} ${horizon + 18} ${middle - 15} ${height + 2}H${middle + 17}C${middle + 6} ${horizon + 20} ${middle + 15} ${horizon + 12} ${middle + 1} ${horizon + 3.4}Z`
  pen.fill(
    track,
    linear(0, horizon, 0, height, [
      [0, mix(light.haze, light.glow, 0.6), 0.75],
      [1, mix(floor, light.glow, 0.2), 0.4],
    ]),
  )
}

function paintLitter(stage: Stage, horizon: number): void {
  const { pen, light, width, height, random } = stage
  for (let i = 0; i < 90 * richness(stage); i++) {
    const t = random.next()
    pen.fill(
      ellipse(
        random.range(0, width),
        horizon + 6 + t * (height - horizon - 4),
        0.3 + t * 0.8,
        0.12 + t * 0.3,
      ),
      tone(stage, random.pick(light.foliage)),
      { opacity: 0.55 },
    )
  }
}

function paintUndergrowth(stage: Stage, horizon: number): void {
  const { pen, light, width, random } = stage
  for (let i = 0; i < 9; i++) {
    const x = random.chance(0.5)
      ? random.range(-4, width * 0.3)
      : random.range(width * 0.7, width + 4)
    paintShrub(pen, {
      x,
      y: horizon + random.range(8, 16),
      r: random.range(2, 4.4),
      color: mix(tone(stage, random.pick(light.foliage), 0.2), light.near, 0.3),
      random,
    })
  }
}

function paintTrunks({ pen, light, width, height, random }: Stage): void {
  for (const edge of [-1, 1]) {
    const w = random.range(5, 8)
    const x = edge < 0 ? random.range(-1, 4) : width - random.range(-1, 4)
    const bark = mix(light.near, hex('#3a2a2a'), 0.35)
    const trunk = polygon([
      [x - w * 0.5, -2],
      [x + w * 0.5, -2],
      [x + w * 0.62, height * 0.8],
      [x + w * 1.2, height + 2],
      [x - w * 1.2, height + 2],
      [x - w * 0.62, height * 0.8],
    ])
    pen.fill(
      trunk,
      linear(x - edge * w * 0.6, 0, x + edge * w * 0.6, 0, [
        [0, mix(bark, light.glow, 0.26)],
        [0.35, bark],
        [1, darken(bark, 0.4)],
      ]),
    )
    for (let i = 0; i < 14; i++) {
      const y = random.range(0, height)
      const bx = x + random.range(-0.4, 0.4) * w
      pen.stroke(
        line([
          [bx, y],
          [bx + 0.3, y + random.range(2, 7)],
        ]),
        0.3,
        darken(bark, 0.6),
        { opacity: 0.5 },
      )
    }
  }
}

function paintFallingLeaves({ pen, light, width, height, random }: Stage): void {
  for (let i = 0; i < 34; i++) {
    const size = random.range(0.5, 1.3)
    pen.at(
      {
        x: random.range(0, width),
        y: random.range(height * 0.1, height * 0.95),
        scale: size,
        turn: random.next(),
      },
      () => {
        pen.fill(
          'M-1.2 0C-0.5 -0.9 0.5 -0.9 1.2 0C0.5 0.9 -0.5 0.9 -1.2 0Z',
          lighten(random.pick(light.foliage), random.range(0, 0.25)),
          { opacity: 0.9 },
        )
      },
    )
  }
}

function paintFireflies({ pen, light, width, random }: Stage, horizon: number): void {
  for (let i = 0; i < 26; i++) {
    const [x, y] = [random.range(width * 0.1, width * 0.9), horizon + random.range(-14, 22)]
    pen.fill(
      ellipse(x, y, 1.6, 1.6),
      radial(x, y, 1.6, [
        [0, hex('#fff3a8'), 0.95],
        [0.2, hex('#fbe27a'), 0.5],
        [1, light.lamp, 0],
      ]),
      { mode: 'screen' },
    )
  }
}
