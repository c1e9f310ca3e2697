import { posix, relative, sep } from 'node:path'
import { LimnError } from '../errors.ts'
import { readCommitted } from '../git/read-file.ts'
import type { Repository } from '../git/repository.ts'
import type { Tree } from '../git/tree.ts'
import { globOptions } from './files-on-disk.ts'
import type { ProjectFiles } from './read-included.ts'
import { decodeManifest, MAX_BYTES } from './read-text.ts'

/** Opens the files of a project as they are in a commit. Links are not followed. */
export function openCommittedFiles(repository: Repository, tree: Tree): ProjectFiles {
  const has = (path: string): boolean => tree.get(posix.normalize(path))?.kind === 'file'
  return {
    has,
    realPath: (path) => (has(path) ? posix.normalize(path) : undefined),
    async glob(pattern) {
      const { glob } = await import('tinyglobby')
      const fs = createFolderReader(repository.folder, tree)
      const cwd = repository.folder
      return glob(pattern, { cwd, ...globOptions, fs: fs as object })
    },
    async readText(path, limit = MAX_BYTES) {
      const content = await readCommitted(repository, { tree, path: posix.normalize(path), limit })
      if (content.state === 'read') return decodeManifest(content.bytes, path, limit)
      throw new LimnError('manifest/unreadable', `${path} can't be read from git.`, {
        hint: 'Check that the clone is complete, and that the file is not stored with Git LFS.',
      })
    },
  }
}

/** An entry of a folder, as the glob library reads it. */
type Entry = Record<'isFile' | 'isDirectory' | 'isSymbolicLink', () => boolean> & { name: string }
type Callback = (error: Error | null, entries: Entry[]) => void

/** Lists the folders of a commit as `readdir` of Node does. */
function createFolderReader(
  root: string,
  tree: Tree,
): { readdir: (path: string, options: unknown, callback: Callback) => void } {
  const kindByNameByFolder = new Map<string, Map<string, 'file' | 'link' | 'folder'>>()
  const add = (path: string, kind: 'file' | 'link' | 'folder'): void => {
    const end = path.lastIndexOf('/')
    const folder = path.slice(0, Math.max(0, end))
    const known = kindByNameByFolder.get(folder)
    if (known === undefined) kindByNameByFolder.set(folder, new Map([[path.slice(end + 1), kind]]))
    else known.set(path.slice(end + 1), kind)
    if (known === undefined && folder !== '') add(folder, 'folder')
  }
  for (const [path, { kind }] of tree) if (kind !== 'submodule') add(path, kind)
  return {
    readdir(path, _options, callback) {
      const folder = relative(root, path).replaceAll(sep, '/')
      const entries = [...(kindByNameByFolder.get(folder) ?? [])].map(([name, kind]) => ({
        name,
        isFile: () => kind === 'file',
        isDirectory: () => kind === 'folder',
        isSymbolicLink: () => kind === 'link',
      }))
      queueMicrotask(() => callback(null, entries))
    },
  }
}
