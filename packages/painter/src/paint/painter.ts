import { mix, multiply } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import type { Pen } from '../raster/pen.ts'
import type { Random } from '../raster/random.ts'
import type { Light } from '../scene/light.ts'
import type { Scene } from '../scene/read-scene.ts'
import type { Studio } from '../scene/studio.ts'

/** What a painter is given. Lengths are units: the picture's short edge has 100. */
export interface Stage {
  readonly pen: Pen
  readonly scene: Scene
  readonly light: Light
  readonly studio: Studio
  readonly random: Random
  readonly width: number
  readonly height: number
  /** Whether only the subject is wanted, on nothing. */
  readonly transparent: boolean
}

/** Paints one genre of picture. */
export type Painter = (stage: Stage) => void

/** A thing's own colour in the scene's light, `depth` 0 (near) to 1 (lost in the haze). */
export function tone({ light }: Pick<Stage, 'light'>, color: Color, depth = 0): Color {
  return mix(multiply(color, light.ambient), light.haze, depth * 0.85)
}

/** How elaborate to be: 0.5 for a minimalist prompt, else 1. */
export function richness({ scene }: Pick<Stage, 'scene'>): number {
  return scene.styles.includes('minimal') ? 0.45 : 1
}
