import { join } from 'node:path'
import { removeInside, rootOfState } from '../disk/project-files.ts'
import { listInside } from '../disk/read-inside.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { isDigest } from '../lock/codec.ts'
import type { ProjectPaths } from './paths.ts'

/*
 * With `masters: remote`, only the remote store keeps masters for others. `.limn/unsent/` has an
 * empty file for each master that it does not have yet, named by its digest. It is written before
 * the lockfile names the master, and removed after the upload, so that a run that was killed
 * between them, or had no connection, is made up for by the next one.
 */

type UnsentPaths = Pick<ProjectPaths, 'unsent'>

/** Records that the remote store does not have a master yet. @throws LimnError `store/…` */
export async function recordUnsent({ unsent }: UnsentPaths, digest: string): Promise<void> {
  await writeFileAtomic(rootOfState(unsent), join(unsent, digest), '', { synced: false })
}

/** Removes the record of a master, if there is one. A record that stays costs one more look-up. */
export async function removeUnsent({ unsent }: UnsentPaths, digest: string): Promise<void> {
  await removeInside(rootOfState(unsent), join(unsent, digest)).catch(() => {})
}

/** Lists the digests of the masters that the remote store does not have yet. */
export function listUnsent({ unsent }: UnsentPaths): string[] {
  try {
    return listInside(rootOfState(unsent), unsent).flatMap(({ name }) =>
      isDigest(name) ? [name] : [],
    )
  } catch {
    return []
  }
}
