import { darken, hex, lighten, mix } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { clamp } from '../raster/math.ts'
import { ANIMALS, colorOf, firstOf, has } from '../scene/read-scene.ts'
import { paintAnimal } from './animals.ts'
import { paintCity } from './city.ts'
import {
  paintBirds,
  paintBoat,
  paintFigure,
  paintHotAirBalloon,
  paintSkyLanterns,
} from './extras.ts'
import { paintDesert, paintField } from './field.ts'
import { paintForest } from './forest.ts'
import { createHill } from './hills.ts'
import { paintMountainView } from './mountains.ts'
import { tone } from './painter.ts'
import type { Stage } from './painter.ts'
import { paintSeaView } from './sea.ts'
import { paintSky, paintWeather } from './sky.ts'
import { paintGrass } from './trees.ts'
import type { View } from './view.ts'

type Place = 'sea' | 'mountain' | 'city' | 'forest' | 'desert' | 'field' | 'sky'

const PLACE_BY_NOUN = [
  ['sea', ['sea', 'lighthouse', 'umbrella']],
  ['city', ['city']],
  ['mountain', ['mountain', 'lake']],
  ['forest', ['forest', 'tree']],
  ['desert', ['desert']],
  ['field', ['field', 'garden', 'flower', 'cabin']],
  ['sea', ['boat', 'bridge']],
  ['mountain', ['airballoon']],
  ['sky', ['sky', 'moon', 'sun', 'star', 'lantern']],
] as const

const HABITATS: Readonly<Record<string, Place>> = {
  bear: 'forest',
  owl: 'forest',
  fox: 'forest',
  deer: 'forest',
  penguin: 'sea',
  flamingo: 'mountain',
  bird: 'sea',
  panda: 'forest',
}

/** Paints an outdoor view, with the named boats, birds, people and animals in it. */
export function paintScenery(stage: Stage): void {
  const place = choosePlace(stage)
  const view = paintPlace(stage, place)
  paintExtras(stage, view, place)
  paintHero(stage, view)
  paintWeather(stage)
}

function choosePlace({ scene, random }: Stage): Place {
  const named = PLACE_BY_NOUN.find(([, nouns]) => has(scene, ...nouns))
  if (named !== undefined) return named[0]
  const animal = firstOf(scene, ANIMALS)
  if (animal !== null) return HABITATS[animal] ?? 'field'
  return random.pick(['mountain', 'sea', 'field', 'mountain'] as const)
}

function paintPlace(stage: Stage, place: Place): View {
  if (place === 'sea') return paintSeaView(stage)
  if (place === 'mountain') return paintMountainView(stage)
  if (place === 'city') return paintCity(stage)
  if (place === 'forest') return paintForest(stage)
  if (place === 'desert') return paintDesert(stage)
  if (place === 'field') return paintField(stage)
  const horizon = stage.height * 0.86
  const sun = paintSky(stage, horizon, stage.random.range(0.35, 0.65))
  for (const [i, depth] of [0.7, 0.35, 0].entries()) {
    const { path } = createHill(stage, horizon - 2 + i * 6, 4, 4)
    const color = tone(stage, mix(stage.light.foliage[0]!, stage.light.near, 0.5), depth)
    stage.pen.fill(
      path,
      linear(0, horizon - 6, 0, stage.height, [
        [0, lighten(color, 0.1)],
        [1, darken(color, 0.3)],
      ]),
    )
  }
  return { horizon, ground: horizon + 8, sun: sun.x > stage.width / 2 ? 1 : -1, sunX: sun.x }
}

function paintExtras(stage: Stage, view: View, place: Place): void {
  const { scene, width, height, random } = stage
  if (has(scene, 'boat') || (place === 'sea' && !has(scene, 'umbrella') && random.chance(0.5))) {
    const near = has(scene, 'boat')
    const x = width / 2 + (near ? random.range(-16, 10) : view.sun * random.range(24, 34))
    if (place === 'sea' || has(scene, 'lake')) {
      paintBoat(stage, {
        x: clamp(x, 14, width - 14),
        y: view.horizon + (near ? (height - view.horizon) * 0.3 : 3.4),
        scale: near ? 1 : 0.34,
        sun: view.sun,
      })
    }
  }
  if (has(scene, 'airballoon') || (has(scene, 'balloon') && place !== 'city')) {
    paintHotAirBalloon(stage, width * 0.5 - view.sun * 6, view.horizon * 0.5, 1)
    paintHotAirBalloon(stage, width * 0.5 + view.sun * 27, view.horizon * 0.3, 0.45)
    paintHotAirBalloon(stage, width * 0.5 - view.sun * 36, view.horizon * 0.72, 0.32)
  }
  if (has(scene, 'lantern')) paintSkyLanterns(stage, view.horizon)
  const large = has(scene, 'bird')
  if (
    large ||
    (place !== 'city' && place !== 'forest' && !stage.light.dark && random.chance(0.75))
  ) {
    paintBirds(stage, view, large)
  }
  if (has(scene, 'person', 'man', 'woman')) {
    paintFigure(stage, width / 2 + view.sun * 7, view.ground, place === 'city' ? 15 : 17)
  }
}

function paintHero(stage: Stage, view: View): void {
  const { scene, pen, width, height, light } = stage
  const name = firstOf(
    scene,
    ANIMALS.filter((each) => each !== 'bird' || !has(scene, 'sea', 'sky', 'lighthouse', 'boat')),
  )
  if (name === null || name === 'fish' || name === 'whale') return
  const size = Math.min(58, height * 0.5)
  const base = Math.max(height - 12, view.ground + 3)
  const ground = tone(stage, mix(light.foliage[0]!, light.near, 0.35))
  const { path } = createHill(stage, base - 3, 1.6, 4)
  pen.fill(
    path,
    linear(0, base - 6, 0, height, [
      [0, mix(ground, light.glow, 0.16)],
      [1, darken(ground, 0.55)],
    ]),
  )
  paintAnimal(stage, name, {
    x: width / 2,
    y: base + 1,
    scale: size / 60,
    map: has(scene, 'map', 'book'),
    color: colorOf(scene, name),
    lit: true,
  })
  paintGrass(pen, {
    from: width / 2 - 30,
    to: width / 2 + 30,
    y: base + 5,
    h: 5,
    color: darken(ground, 0.35),
    random: stage.random,
  })
  paintGrass(pen, {
    from: -2,
    to: width + 2,
    y: height + 1,
    h: 8,
    color: mix(darken(ground, 0.6), hex('#0e1424'), 0.3),
    random: stage.random,
  })
}
