import { join } from 'node:path'
import { removeStaleTemporaryFiles } from '../disk/temporary-files.ts'
import { hashRequest } from '../identity/request.ts'
import type { Lock } from '../lock/lock.ts'
import type { Manifest } from '../manifest/manifest.ts'
import { candidateDigests } from './candidates.ts'
import { cleanUpJournal } from './journal.ts'
import { isUnchangedMaster } from './masters.ts'
import type { ProjectPaths } from './paths.ts'

/**
 * Removes what a crashed writer left behind: temporary files, and journal entries whose pictures
 * are in the lockfile.
 *
 * @returns whether a picture was removed from the journal
 */
export async function cleanUpAfterCrash({
  paths,
  manifest: { out },
  lock,
}: {
  paths: ProjectPaths
  manifest: Manifest
  lock: Lock
}): Promise<boolean> {
  const pictureFolders = [paths.masters, ...(out === null ? [] : [out])].map((folder) =>
    join(paths.root, folder),
  )
  await removeStaleTemporaryFiles({
    root: paths.root,
    folders: [paths.root],
    trees: [paths.state, paths.cache, ...pictureFolders],
  })
  return removeInstalledPictures(paths, lock)
}

/**
 * Removes the journal entries whose pictures are in the lockfile, and in place. The picture of a
 * master that is gone stays: the journal may have the only copy.
 *
 * @returns whether a picture was removed
 */
export function removeInstalledPictures(paths: ProjectPaths, lock: Lock): Promise<boolean> {
  let unmatched: string[] | undefined
  return cleanUpJournal(paths.journal, (key, digest) => {
    unmatched ??= installedPictures(paths, lock)
    const at = unmatched.indexOf(`${key.split('+', 1)[0]} ${digest}`)
    // Each installed picture matches one entry only: if two assets received the same bytes, the
    // second may not be installed yet.
    if (at >= 0) unmatched.splice(at, 1)
    return at >= 0
  })
}

/**
 * Lists the pictures that the lockfile has a master or candidate for, and that are in their place:
 * `<request hash> <digest>`.
 */
function installedPictures(paths: ProjectPaths, lock: Lock): string[] {
  return [...lock.assets].flatMap(([asset, { request, master }]) => {
    if (request.operation === 'source') return []
    const requestHash = hashRequest(request)
    const candidates = candidateDigests(paths, { asset, requestHash })
    const digests = candidates.includes(master.sha256) ? candidates : [master.sha256]
    return digests
      .filter((digest) => digest !== master.sha256 || isUnchangedMaster(paths.root, master))
      .map((digest) => `${requestHash} ${digest}`)
  })
}
