import { basename, join } from 'node:path'
import { removeInside } from '../disk/project-files.ts'
import { existsInside, maxBytes, readTextInside } from '../disk/read-inside.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { isObject } from '../is-object.ts'
import type { ProjectPaths } from './paths.ts'

/*
 * A merge writes the lockfile last. Until then, pictures that the shards have paid for look as if
 * they were missing. The record names the folders that a merge has not finished with, so that no run
 * pays for what lies in them.
 */

type Paths = Pick<ProjectPaths, 'root' | 'state' | 'lock'>

/** Several manifests share `.limn`, but each has its own lockfile. */
export function unfinishedMergeFile({ state, lock }: Pick<Paths, 'state' | 'lock'>): string {
  return join(state, `merge-${basename(lock)}.json`)
}

/**
 * Returns the folders of merges that were interrupted, absolute; `undefined` if there is no record.
 * A record that cannot be read names none.
 */
export function readUnfinishedMerge(paths: Paths): string[] | undefined {
  const path = unfinishedMergeFile(paths)
  try {
    const record: unknown = JSON.parse(readTextInside(paths.root, path, maxBytes.data))
    const folders = isObject(record) ? record['folders'] : undefined
    return Array.isArray(folders) ? folders.filter((each) => typeof each === 'string') : []
  } catch {
    return existsInside(paths.root, path) ? [] : undefined
  }
}

/** Records the folders of a merge before it changes anything. @throws LimnError `store/…` */
export async function recordUnfinishedMerge(
  paths: Paths,
  folders: readonly string[],
): Promise<void> {
  const text = `${JSON.stringify({ version: 1, folders })}\n`
  await writeFileAtomic(paths.root, unfinishedMergeFile(paths), text)
}

/** Removes the record: the lockfile names every picture. @throws LimnError `store/…` */
export async function removeUnfinishedMerge(paths: Paths): Promise<void> {
  await removeInside(paths.root, unfinishedMergeFile(paths))
}
