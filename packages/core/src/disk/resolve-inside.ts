import { lstatSync, realpathSync, type Stats } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isErrno, LimnError } from '../errors.ts'
import { isBelow } from './open-inside.ts'
import { spell } from './spelling.ts'

/**
 * Resolves the folders of a path below a root, so that nothing is written outside the root. Follows
 * links to folders inside the root. Does not follow a link at the path itself: a rename replaces
 * it.
 *
 * @param root absolute
 * @param path absolute
 * @throws LimnError `store/outside` if a folder on the path is a link that points outside the root
 *   or to a missing target
 */
export function resolveInside(root: string, path: string): string {
  return spell(join(resolveFolder(root, dirname(path), path), basename(path)))
}

/**
 * Resolves a folder below a root to its path without links. The folder may be missing, and so may
 * the root.
 *
 * @param root absolute
 * @param folder absolute
 * @param path what is to be written, as messages name it. Default: the folder
 * @throws LimnError as `resolveInside`
 */
export function resolveFolder(root: string, folder: string, path: string = folder): string {
  const real = realpathOf(spell(folder))
  if (real !== undefined) {
    const realRoot = realpathOf(root)
    // Without the root, `folder` is an ancestor of it: none of its own parts exists.
    if (realRoot === undefined ? isBelow(folder, root) : isBelow(realRoot, real)) return real
    throw outside(folder, path, 'points outside the project')
  }
  const stat = statOf(folder)
  // A concurrent write may have created the folder since its real path was read.
  if (stat?.isDirectory() === true) return resolveFolder(root, folder, path)
  if (stat !== undefined) throw outside(folder, path, 'has no target')
  return join(resolveFolder(root, dirname(folder), path), basename(folder))
}

/** Stats a path without following it; `undefined` if it is missing or below a link to itself. */
function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ELOOP')) return undefined
    throw error
  }
}

/** Returns the real path; `undefined` if it is missing, or a link to itself or a missing target. */
function realpathOf(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ELOOP')) return undefined
    // A part of the path is a file or unreadable: the write reports it.
    if (isErrno(error, 'ENOTDIR', 'EACCES')) return path
    throw error
  }
}

function outside(folder: string, path: string, problem: string): LimnError {
  return new LimnError(
    'store/outside',
    `${path} can't be written: ${folder} is a link that ${problem}.`,
    { hint: 'Replace the link with a folder, then run the command again.' },
  )
}
