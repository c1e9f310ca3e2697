import { didYouMean } from '../../did-you-mean.ts'
import { LimnError } from '../../errors.ts'
import type { ManifestFile, ProfileFile, Use } from '../manifest-file.ts'

/** What a profile overrides for a whole run. */
export type Profile = ProfileFile

/** The profile of drafts: its runs change neither lockfile nor masters. */
export const DRAFT_PROFILE = 'draft'

/** Profiles that every manifest has; its own override those of the same name. */
const builtInProfiles: Readonly<Record<string, Profile>> = {
  [DRAFT_PROFILE]: { quality: 'low' },
  preview: { quality: 'low' },
  production: { quality: 'medium' },
  premium: { quality: 'high' },
}

/** Default quality by what a picture is for. */
export const qualityByUse: Readonly<Record<Use, string>> = {
  social: 'low',
  product: 'medium',
  print: 'high',
  concept: 'low',
}

/** Rank of a quality by its name, over all models. */
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
 * Returns the quality of a model that is nearest to one that was not written for this model; `auto`
 * if it has none that compares. A name that no model has stays as it is, so that a rule reports
 * it.
 *
 * @param names the qualities of the model; `undefined` if they are unknown: `quality` then stays as
 *   it is
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

/**
 * Returns a profile by name.
 *
 * @throws LimnError `usage` if there is no profile of that name
 */
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
