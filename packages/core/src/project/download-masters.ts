import { join } from 'node:path'
import type { FileDigests } from '../cache/file-digests.ts'
import { digestsOf } from '../digest.ts'
import { existsInside } from '../disk/read-inside.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import type { LockEntry } from '../lock/lock.ts'
import { mapAtOnce } from '../remote/map-at-once.ts'
import type { ProjectPaths } from '../store/paths.ts'

/** Masters that are downloaded at the same time. */
const CONCURRENCY = 4

type DownloadOptions = {
  paths: Pick<ProjectPaths, 'root'>
  digests: Pick<FileDigests, 'record' | 'save'>
  /** Reads a master from the store; `undefined` if it can't be used. */
  read: (master: LockEntry['master']) => Promise<Uint8Array | undefined>
}

/**
 * Downloads masters that this machine does not have. Only the writer may call it.
 *
 * @param entries the entries of the lockfile that name them, by asset
 * @returns the paths of the downloaded ones, and the assets whose masters the store does not have
 * @throws LimnError `store/…`, and what `read` throws
 */
export async function downloadMasters(
  entries: Iterable<readonly [string, LockEntry]>,
  { paths: { root }, digests, read }: DownloadOptions,
): Promise<{ pulled: string[]; missing: string[] }> {
  const pulled: string[] = []
  const missing: string[] = []
  try {
    await mapAtOnce(entries, CONCURRENCY, async ([asset, { master }]) => {
      const path = join(root, master.path)
      // Whatever is there is a person's, or another tool's.
      if (existsInside(root, path)) return
      const bytes = await read(master)
      if (bytes === undefined) {
        missing.push(asset)
        return
      }
      await writeFileAtomic(root, path, bytes)
      digests.record(master.path, digestsOf(bytes))
      pulled.push(master.path)
    })
  } finally {
    digests.save()
  }
  return { pulled: pulled.sort(), missing: missing.sort() }
}
