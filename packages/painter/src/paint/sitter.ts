import { ANIMALS, colorOf, firstOf, has } from '../scene/read-scene.ts'
import { paintAnimal } from './animals.ts'
import type { Stage } from './painter.ts'
import { paintScenery } from './scenery.ts'

/** Paints an animal: alone if the picture is transparent, else in a landscape. */
export function paintSitter(stage: Stage): void {
  const { scene, width, height } = stage
  const name = firstOf(scene, ANIMALS)
  if (!stage.transparent || name === null) return paintScenery(stage)
  const scale = Math.min(width, height) / 84
  paintAnimal(stage, name, {
    x: width / 2,
    y: height / 2 + 36 * scale,
    scale,
    map: has(scene, 'map', 'book'),
    color: colorOf(scene, name),
    lit: false,
  })
}
