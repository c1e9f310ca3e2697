import { sha256 } from '../digest.ts'
import type { Output } from '../manifest/manifest.ts'

/** Rises when the same recipe would give another picture. The encoder's version is no part of it. */
const RECIPE_VERSION = 1

/** Hash of everything that decides one output: the master's digest and the encoder's settings. */
export function hashRecipe(masterSha256: string, output: Output): string {
  const { width, height, format, quality, fit, position, background, provenance } = output
  return sha256([RECIPE_VERSION, masterSha256, width, height, format, quality, fit, position, background, provenance].join('\n'))
}
