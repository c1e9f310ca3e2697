import { basename, dirname, relative } from 'node:path'
import { DRAFT_PROFILE } from '../manifest/resolve/profiles.ts'
import { MASTERS_FOLDER, type ProjectPaths } from '../store/paths.ts'

/**
 * What a command has to be given so that it speaks of drafts, where the profile of a run is theirs;
 * else nothing.
 */
export function forDrafts(profile: string | undefined): string {
  return profile === DRAFT_PROFILE ? ` --profile ${DRAFT_PROFILE}` : ''
}

/** Where the drafts of a run lie, in a sentence; `undefined` where it made none. */
export function whereDraftsLie(
  { root, lock }: ProjectPaths,
  profile: string | undefined,
): string | undefined {
  return profile === DRAFT_PROFILE
    ? `Drafts lie in ${relative(root, dirname(lock))}: ${basename(lock)} and ${MASTERS_FOLDER}/ are as they were.`
    : undefined
}
