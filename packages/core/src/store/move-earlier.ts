import { dirname, join } from 'node:path'
import { makeFolder, removeEmptyFolders, renameInside } from '../disk/project-files.ts'
import { existsInside, namesInside } from '../disk/read-inside.ts'
import { syncFolder } from '../disk/sync-folder.ts'
import { toWriteError } from '../disk/write-errors.ts'
import type { ProjectPaths } from './paths.ts'

/** A picture that another replaced: `<16 digits of its digest>.<extension>`. */
const REPLACED = /^[0-9a-f]{16}\.[a-z]+$/
/** The candidates of a request: a folder with 16 digits of its hash. */
const REQUEST_FOLDER = /^[0-9a-f]{16}$/

type Names = { from: string; to: string }

/**
 * Moves the earlier pictures of a renamed asset: its candidates and what it replaced. Leaves those
 * of assets whose names continue its own, and what exists under the new name already.
 *
 * @throws LimnError `store/read-only`, `store/no-space`, `store/failed`
 */
export async function moveEarlierPictures(paths: ProjectPaths, names: Names): Promise<void> {
  await moveEntries(paths.root, join(paths.state, 'candidates'), names, REQUEST_FOLDER)
  await moveEntries(paths.root, paths.replaced, names, REPLACED)
}

/** Moves those entries of a folder whose names match the pattern. */
async function moveEntries(
  root: string,
  folder: string,
  { from, to }: Names,
  pattern: RegExp,
): Promise<void> {
  const [source, target] = [join(folder, from), join(folder, to)]
  const names = namesInside(root, source).filter(
    (name) => pattern.test(name) && !existsInside(root, join(target, name)),
  )
  if (names.length === 0) return
  try {
    await makeFolder(root, target)
    for (const name of names) await renameInside(root, join(source, name), join(target, name))
    await syncFolder(target)
    await removeEmptyFolders(root, folder, source)
  } catch (error) {
    throw toWriteError(error, dirname(target))
  }
}
