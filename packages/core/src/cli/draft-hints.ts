import { basename, dirname, relative } from 'node:path'
import { DRAFT_PROFILE } from '../project/project.ts'
import type { ProjectPaths } from '../project/types.ts'

/** Returns the option that makes a command work on drafts, if the run does; otherwise ''. */
export function draftOption(profile: string | undefined): string {
  return profile === DRAFT_PROFILE ? ` --profile ${DRAFT_PROFILE}` : ''
}

/** Returns a sentence about where the drafts of a run are stored; `undefined` if it made none. */
export function describeDraftFolder(
  { root, lock, masters }: ProjectPaths,
  profile: string | undefined,
): string | undefined {
  if (profile !== DRAFT_PROFILE) return undefined
  const folder = relative(root, dirname(lock))
  return `Drafts are stored in ${folder}; ${basename(lock)} and ${basename(masters)}/ are unchanged.`
}
