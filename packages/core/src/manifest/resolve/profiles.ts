import { didYouMean } from '../../did-you-mean.ts'
import { LimnError } from '../../errors.ts'
import type { ManifestFile, Use } from '../parse/schema.ts'

/** What a whole run is done with, whatever the assets say. */
export type Profile = { model?: string | undefined; quality?: string | undefined }

/** The profile whose pictures are kept apart: it touches neither lockfile nor masters. */
export const DRAFT_PROFILE = 'draft'

/** Profiles that every manifest has; its own of the same name come first. */
export const builtInProfiles: Readonly<Record<string, Profile>> = {
  [DRAFT_PROFILE]: { quality: 'low' },
  preview: { quality: 'low' },
  production: { quality: 'medium' },
  premium: { quality: 'high' },
}

/** The quality for what a picture is for, where none is named. */
export const qualityByUse: Readonly<Record<Use, string>> = {
  social: 'low',
  product: 'medium',
  print: 'high',
  concept: 'low',
}

/** How good a quality is, by the names that models give theirs. */
const rankByQuality: Readonly<Record<string, number>> = {
  low: 1,
  standard: 1.75,
  medium: 2,
  high: 3,
  hd: 3,
  xhigh: 4,
  max: 5,
}

/**
 * The quality among those of a model that is nearest to one that was not named for this model
 * alone; `auto` where it has none that can be compared. A name that no model has stays as it is,
 * for a rule to tell of.
 *
 * @param names the qualities of the model; `undefined` where nobody knows them: then it stays as it
 *   is
 */
export function nearestQuality(quality: string, names: readonly string[] | undefined): string {
  const rank = rankByQuality[quality]
  if (names === undefined || names.includes(quality) || rank === undefined) return quality
  const distance = (name: string): number => Math.abs(rankByQuality[name]! - rank)
  const ranked = names.filter((name) => rankByQuality[name] !== undefined)
  return ranked.length === 0
    ? 'auto'
    : ranked.reduce((best, name) => (distance(name) < distance(best) ? name : best))
}

/** @throws LimnError `usage` where there is no profile of that name */
export function findProfile(name: string, file: Pick<ManifestFile, 'profiles'>): Profile {
  const known = { ...builtInProfiles, ...file.profiles }
  if (Object.hasOwn(known, name)) {
    return Object.fromEntries(
      Object.entries(known[name]!).filter(([, value]) => value !== undefined),
    )
  }
  throw new LimnError('usage', `There is no profile "${name}".`, {
    hint:
      didYouMean(name, Object.keys(known)) ?? `Known profiles: ${Object.keys(known).join(', ')}.`,
  })
}
