import { basename, join } from 'node:path'
import { appendSynced, removeInside } from '../disk/project-files.ts'
import { maxBytes, readTextInside } from '../disk/read-inside.ts'
import { writtenFile } from '../plan/inventory.ts'
import type { ProjectPaths } from './paths.ts'

/*
 * The files in `out` that a run is about to write. The lockfile names them later: if the process
 * dies before that, the next run still recognizes them as Limn's.
 */

/** Records the files that a run writes to `out`. */
export type WrittenFiles = {
  /** Returns whether Limn has written a file with that content since the lockfile was written. */
  has(path: string, digest: string): boolean
  /**
   * Records a file, which must be written only then: a power failure that leaves the file without
   * its record would make it a stranger's. `path` is relative to the root.
   */
  add(path: string, digest: string): Promise<void>
  /** Forgets all files: the lockfile names them. */
  clear(): Promise<void>
}

type Paths = Pick<ProjectPaths, 'root' | 'state' | 'lock'>

/** Opens the record of a project. Reads it on the first `has`. */
export function openWrittenFiles(paths: Paths): WrittenFiles {
  let known: Set<string> | undefined
  let isEmpty = true
  return {
    has: (path, digest) => (known ??= readWrittenFiles(paths)).has(writtenFile(path, digest)),
    async add(path, digest) {
      const line = writtenFile(path, digest)
      known?.add(line)
      isEmpty = false
      // A power failure may have left a line without its end.
      await appendSynced(paths.root, fileOf(paths), `\n${line}\n`)
    },
    async clear() {
      if (isEmpty && readWrittenFiles(paths).size === 0) return
      await removeInside(paths.root, fileOf(paths)).catch(() => {})
    },
  }
}

/** Reads the recorded files, formatted by `writtenFile`. */
export function readWrittenFiles(paths: Paths): Set<string> {
  try {
    const lines = readTextInside(paths.root, fileOf(paths), maxBytes.data).split('\n')
    return new Set(lines.filter((line) => line !== ''))
  } catch {
    return new Set()
  }
}

/** Several manifests share `.limn`, but each has its own lockfile. */
function fileOf({ state, lock }: Paths): string {
  return join(state, `written-${basename(lock)}.txt`)
}
