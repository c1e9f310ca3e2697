import { realpathSync } from 'node:fs'
import { isAbsolute, join, posix, relative, sep } from 'node:path'
import { statInside } from '../disk/read-inside.ts'
import type { ProjectFiles } from './read-included.ts'
import { readText, type Texts } from './read-text.ts'

/**
 * Opens the files of a project on the disk. Loads the glob library for a glob.
 *
 * @param root absolute
 * @param texts what to read in place of files
 */
export function openProjectFiles(root: string, texts?: Texts): ProjectFiles {
  let realRoot: string | undefined
  return {
    has(path) {
      const stat = statInside(root, path)
      return stat !== undefined && !stat.isDirectory()
    },
    realPath(path) {
      try {
        realRoot ??= realpathSync(root)
        const real = relative(realRoot, realpathSync(join(root, path)))
        // On another drive of Windows.
        return isAbsolute(real) ? `../${real}` : real.replaceAll(sep, '/')
      } catch {
        return undefined
      }
    },
    async glob(pattern) {
      const { glob } = await import('tinyglobby')
      return glob(pattern, { cwd: root, ...globOptions })
    },
    readText: (path, limit) => texts?.get(path) ?? readText(join(root, path), path, limit),
  }
}

/** How globs of a manifest find files. */
export const globOptions: {
  ignore: string[]
  followSymbolicLinks: boolean
  expandDirectories: boolean
} = { ignore: ['**/node_modules/**'], followSymbolicLinks: false, expandDirectories: false }

/** Returns all folders below a folder, relative to the root, except those that globs skip. */
export async function findFolders(root: string, folder: string): Promise<string[]> {
  const { glob } = await import('tinyglobby')
  const cwd = join(root, folder)
  const found = await glob('**', { cwd, ...globOptions, onlyDirectories: true })
  return found.map((path) => posix.join(folder, path).replace(/\/$/, ''))
}
