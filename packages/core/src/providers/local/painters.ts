import { paintScenery } from './paint/scenery.ts'
import type { Painter } from './paint/stage.ts'
import type { SceneKind } from './scene/read-scene.ts'

/** The painter of each genre. */
export const PAINTERS: Partial<Record<SceneKind, Painter>> = {
  scenery: paintScenery,
}
