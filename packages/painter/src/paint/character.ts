import { darken, hex, lighten, mix } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { ellipse } from '../raster/path.ts'
import { ANIMALS, colorOf, firstOf } from '../scene/read-scene.ts'
import { paintAnimal } from './animals.ts'
import { paintKnight } from './knight.ts'
import { paintMountains } from './mountain-range.ts'
import { tone } from './painter.ts'
import type { Stage } from './painter.ts'
import { paintSky } from './sky.ts'
import { paintSuit } from './suit.ts'
import { paintGrass } from './trees.ts'
import { paintWizard } from './wizard.ts'

type Role = 'knight' | 'wizard' | 'robot' | 'astronaut'

/** Paints a game character; behind it, unless the picture is transparent, a hazy landscape. */
export function paintCharacter(stage: Stage): void {
  const { pen, scene, random, width, height, transparent } = stage
  const ground = transparent ? height / 2 + Math.min(width, height) * 0.45 : height * 0.88
  if (!transparent) paintLandscape(stage)
  const scale = transparent
    ? Math.min(width, height) / 118
    : Math.min(height, width * 1.1, 130) / 128
  const animal = firstOf(scene, ANIMALS)
  const role = (firstOf(scene, ['knight', 'wizard', 'robot', 'astronaut']) ??
    (animal === null ? random.pick(['knight', 'wizard', 'knight'] as const) : null)) as Role | null
  if (role === null) {
    return paintAnimal(stage, animal!, {
      x: width / 2,
      y: ground,
      scale: scale * 1.15,
      map: false,
      color: colorOf(scene, animal!),
      lit: !transparent,
    })
  }
  pen.soft(ellipse(width / 2, ground + 0.6, 21 * scale, 3.4 * scale), 2 * scale, [0.1, 0.08, 0.2], {
    opacity: 0.4,
  })
  const main = hex(
    colorOf(scene, role, 'character', 'coat', 'hat', 'man', 'woman') ??
      scene.colors[0] ??
      { knight: '#4a78c2', wizard: '#6a4fb3', robot: '#58b3b8', astronaut: '#f3f1ec' }[role],
  )
  pen.at({ x: width / 2, y: ground, scale, flip: random.chance(0.5) }, () => {
    if (role === 'knight') paintKnight(stage, main)
    else if (role === 'wizard') paintWizard(stage, main)
    else paintSuit(stage, main, role === 'robot')
  })
}

function paintLandscape(stage: Stage): void {
  const { pen, random, width, height, light } = stage
  const sun = paintSky(stage, height * 0.72, 0.5 + random.range(-0.2, 0.2))
  paintMountains(stage, {
    base: height * 0.74,
    high: 44,
    depth: 0.85,
    spacing: 32,
    sunX: sun.x,
    hero: null,
    color: hex('#5f7391'),
    snow: true,
  })
  const turf = tone(stage, light.foliage[0]!, 0.1)
  pen.fill(
    `M-2 ${height * 0.74}Q${width / 2} ${height * 0.69} ${width + 2} ${height * 0.75}V${height + 2}H-2Z`,
    linear(0, height * 0.7, 0, height, [
      [0, lighten(mix(turf, light.glow, 0.2), 0.2)],
      [1, darken(turf, 0.5)],
    ]),
  )
  paintGrass(pen, {
    from: -2,
    to: width + 2,
    y: height + 1,
    h: 6,
    color: darken(turf, 0.6),
    random,
  })
}
