import { dirname, join } from 'node:path'
import { existsInside } from '../disk/read-inside.ts'
import { resolveInside } from '../disk/resolve-inside.ts'
import { tryWriteFile, writeFileAtomic } from '../disk/write-atomic.ts'
import type { ProjectPaths } from './paths.ts'

/**
 * Creates `.limn/` with its own `.gitignore`, so that nothing in it is ever committed.
 *
 * @param state absolute path of `.limn/`
 * @throws LimnError `store/outside` if it is a link that points outside the project; other
 *   `store/…` if it can't be written
 */
export async function ensureStateFolder(state: string): Promise<void> {
  const root = dirname(state)
  const file = resolveInside(root, join(state, '.gitignore'))
  if (!existsInside(root, file)) {
    await writeFileAtomic(
      root,
      file,
      "# Limn's journal, replaced pictures and run history: local to this machine.\n*\n",
    )
  }
}

/**
 * Makes Git ignore the cache: not every project ignores `node_modules`, or has one. Does nothing if
 * the cache does not exist or can't be written.
 */
export function ignoreCacheFolder({ root, cache }: Pick<ProjectPaths, 'root' | 'cache'>): void {
  const file = join(cache, '.gitignore')
  if (existsInside(root, file) || !existsInside(root, cache)) return
  tryWriteFile(root, file, "# Limn's cache: safe to delete at any time.\n*\n")
}
