import { paintAbstract } from './paint/abstract.ts'
import { paintCard } from './paint/card.ts'
import { paintCharacter } from './paint/character.ts'
import { paintFashion } from './paint/fashion.ts'
import { paintFloorPlan } from './paint/floor-plan.ts'
import { paintInk } from './paint/ink.ts'
import { paintInterior } from './paint/interior.ts'
import { paintIslands } from './paint/islands.ts'
import { paintLogo } from './paint/logo.ts'
import type { Painter } from './paint/painter.ts'
import { paintPattern } from './paint/pattern.ts'
import { paintPortrait } from './paint/portrait.ts'
import { paintScenery } from './paint/scenery.ts'
import { paintScreen } from './paint/screen.ts'
import { paintSitter } from './paint/sitter.ts'
import { paintSpace } from './paint/space.ts'
import { paintSteps } from './paint/steps.ts'
import { paintStillLife } from './paint/still-life.ts'
import { paintStreet } from './paint/street.ts'
import { paintUnderwater } from './paint/underwater.ts'
import { paintUnknown } from './paint/unknown.ts'
import type { SceneKind } from './scene/read-scene.ts'

/** The painter of each genre. */
export const PAINTERS: Readonly<Record<SceneKind, Painter>> = {
  scenery: paintScenery,
  ink: paintInk,
  islands: paintIslands,
  space: paintSpace,
  underwater: paintUnderwater,
  street: paintStreet,
  interior: paintInterior,
  product: paintStillLife,
  food: paintStillLife,
  item: paintStillLife,
  portrait: paintPortrait,
  fashion: paintFashion,
  character: paintCharacter,
  animal: paintSitter,
  logo: paintLogo,
  steps: paintSteps,
  screen: paintScreen,
  pattern: paintPattern,
  card: paintCard,
  plan: paintFloorPlan,
  abstract: paintAbstract,
  unknown: paintUnknown,
}

/**
 * Genres that are painted as the subject alone if the picture is transparent. Others are cut to a
 * rounded shape.
 */
export const CUTOUTS: ReadonlySet<SceneKind> = new Set([
  'product',
  'food',
  'item',
  'portrait',
  'fashion',
  'character',
  'animal',
  'logo',
  'screen',
  'card',
])
