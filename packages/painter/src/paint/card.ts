import { has } from '../scene/read-scene.ts'
import { paintChristmas } from './christmas.ts'
import { paintFestival } from './festival.ts'
import type { Stage } from './painter.ts'
import { paintParty } from './party.ts'

/** Paints a greeting card: lanterns for the new year, a tree for Christmas, else a party. */
export function paintCard(stage: Stage): void {
  const { scene } = stage
  if (has(scene, 'festival', 'lantern')) paintFestival(stage)
  else if (has(scene, 'christmas')) paintChristmas(stage)
  else paintParty(stage)
}
