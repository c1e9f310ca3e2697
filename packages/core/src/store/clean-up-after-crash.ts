import { join } from 'node:path'
import { removeStaleTemporaryFiles } from '../disk/temporary-files.ts'
import { hashRequest } from '../identity/request.ts'
import type { Lock } from '../lock/lock.ts'
import type { Manifest } from '../manifest/manifest.ts'
import { candidateDigests } from './candidates.ts'
import { cleanUpJournal } from './journal.ts'
import type { ProjectPaths } from './paths.ts'

export type CleanUpOptions = { paths: ProjectPaths; manifest: Manifest; lock: Lock }

/**
 * Clears away what a writer that died left behind: files half written, and pictures in the journal
 * that had reached the lockfile.
 *
 * @returns whether the journal is another than before
 */
export async function cleanUpAfterCrash({
  paths,
  manifest: { out },
  lock,
}: CleanUpOptions): Promise<boolean> {
  const pictures = [paths.masters, ...(out === null ? [] : [out])].map((folder) =>
    join(paths.root, folder),
  )
  await removeStaleTemporaryFiles({
    folders: [paths.root],
    trees: [paths.state, paths.cache, ...pictures],
  })
  let left: string[] | undefined
  return cleanUpJournal(paths.journal, (key, digest) => {
    left ??= settledPictures(paths, lock)
    const at = left.indexOf(`${key.split('+', 1)[0]} ${digest}`)
    // Each place holds one picture: where two assets got the same bytes, the second may be on its way still.
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  })
}

/** What stands where it belongs, as `<request hash> <digest>`. */
function settledPictures(paths: ProjectPaths, lock: Lock): string[] {
  return [...lock.assets].flatMap(([asset, { request, master }]) => {
    if (request.operation === 'source') return []
    const hash = hashRequest(request)
    const candidates = candidateDigests(paths, asset, hash)
    return (candidates.includes(master.sha256) ? candidates : [master.sha256]).map(
      (digest) => `${hash} ${digest}`,
    )
  })
}
