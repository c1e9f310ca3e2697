import { mix, multiply } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import type { Pen } from '../raster/pen.ts'
import type { Random } from '../raster/random.ts'
import type { Light } from '../scene/light.ts'
import type { Scene } from '../scene/read-scene.ts'
import type { Studio } from '../scene/studio.ts'
import type { Font } from '../text/font.ts'

/** What a painter gets. Lengths are in units: the short edge of the picture has 100. */
export interface Stage {
  readonly pen: Pen
  readonly scene: Scene
  readonly light: Light
  readonly studio: Studio
  readonly random: Random
  /** Letters. Characters that it lacks cannot be drawn. */
  readonly font: Font
  readonly width: number
  readonly height: number
  /** Whether only the subject is painted, on a transparent ground. */
  readonly transparent: boolean
}

/** Paints one genre of picture. */
export type Painter = (stage: Stage) => void

/**
 * Returns a thing's own colour in the light of the scene; `depth` is 0 (near) to 1 (lost in the
 * haze).
 */
export function tone({ light }: Pick<Stage, 'light'>, color: Color, depth = 0): Color {
  return mix(multiply(color, light.ambient), light.haze, depth * 0.85)
}

/** Returns the share of details to paint: 0.45 for a minimalist prompt, else 1. */
export function richness({ scene }: Pick<Stage, 'scene'>): number {
  return scene.styles.includes('minimal') ? 0.45 : 1
}
