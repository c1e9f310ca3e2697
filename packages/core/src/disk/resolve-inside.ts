import { lstatSync, realpathSync, type Stats } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative } from 'node:path'
import { isErrno, LimnError } from '../errors.ts'

/**
 * Where a file below the root is really to be written: links to folders are followed as long as
 * they stay in the project. A link in the place of the file itself gives way to the file, so that
 * nothing is ever written through it.
 *
 * @param path absolute
 * @throws LimnError `store/outside` where a folder on the way is a link that leads out of the
 *   project, or nowhere
 */
export function resolveInside(root: string, path: string): string {
  return join(resolveFolder(root, dirname(path), path), basename(path))
}

/**
 * A folder below the root that need not be there yet, without links.
 *
 * @param path what is to be written, as messages name it
 * @throws LimnError as `resolveInside`
 */
export function resolveFolder(root: string, folder: string, path: string = folder): string {
  const real = realpathOf(folder)
  if (real !== undefined) {
    if (isBelow(realpathSync(root), real)) return real
    throw outside(folder, path, 'leads out of the project')
  }
  const standing = statOf(folder)
  // Another picture's folder may be made at the same moment.
  if (standing?.isDirectory() === true) return resolveFolder(root, folder, path)
  if (standing !== undefined) throw outside(folder, path, 'leads nowhere')
  return join(resolveFolder(root, dirname(folder), path), basename(folder))
}

/**
 * What stands at a path itself; `undefined` where nothing does, or a part of the path leads to
 * itself.
 */
function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ELOOP')) return undefined
    throw error
  }
}

/** `undefined` where there is nothing, or a link that leads nowhere or to itself. */
function realpathOf(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ELOOP')) return undefined
    // A part of it is a file, or may not be looked into: writing tells of it.
    if (isErrno(error, 'ENOTDIR', 'EACCES')) return path
    throw error
  }
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '..' && !way.startsWith('../') && !way.startsWith('..\\') && !isAbsolute(way)
}

function outside(folder: string, path: string, where: string): LimnError {
  return new LimnError(
    'store/outside',
    `${path} can't be written: ${folder} is a link that ${where}.`,
    { hint: 'Put a folder in the place of the link, then run the command again.' },
  )
}
