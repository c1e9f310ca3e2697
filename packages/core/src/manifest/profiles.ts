import { LimnError } from '../errors.ts'
import { didYouMean } from '../suggest.ts'
import type { ManifestFile, Use } from './schema.ts'

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
export const qualityByUse: Readonly<Record<Use, string>> = { social: 'low', product: 'medium', print: 'high', concept: 'low' }

/** @throws LimnError `usage` where there is no profile of that name */
export function findProfile(name: string, file: Pick<ManifestFile, 'profiles'>): Profile {
  const known = { ...builtInProfiles, ...file.profiles }
  if (Object.hasOwn(known, name)) return Object.fromEntries(Object.entries(known[name]!).filter(([, value]) => value !== undefined))
  throw new LimnError('usage', `There is no profile "${name}".`, { hint: didYouMean(name, Object.keys(known)) ?? `Known profiles: ${Object.keys(known).join(', ')}.` })
}
