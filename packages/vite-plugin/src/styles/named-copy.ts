import { dirname, join } from 'node:path'
import {
  listInside,
  removeTree,
  type ServedFile,
  statInside,
  touch,
  writeFileAtomic,
} from '@limn/core/for-vite'
import { normalizePath } from 'vite'
import { fileNameOf } from '../build/emit.ts'
import type { Context } from '../context.ts'
import type { AssetOutput } from '../references/lookup.ts'

/** How long an unused copy is kept, ms: another build may be about to read it. */
const MAX_AGE_MS = 24 * 60 * 60_000

/**
 * Writes a copy of an output under a readable name, for files that Vite reads itself.
 *
 * @returns its absolute path with `/`
 */
export async function writeNamedCopy(
  context: Context,
  { asset, output }: AssetOutput,
  { bytes, recipe }: ServedFile,
): Promise<string> {
  const { root } = context.project.paths
  const path = join(folderOf(context), recipe.slice(0, 16), fileNameOf(asset, output))
  if (statInside(root, path)?.size !== bytes.length) await writeFileAtomic(root, path, bytes)
  // The folder's time records the last use.
  else await touch(root, dirname(path)).catch(() => {})
  return normalizePath(path)
}

/** Removes the copies that no build of the last 24 hours has used. */
export async function removeUnusedCopies(context: Context): Promise<void> {
  const { root } = context.project.paths
  const folder = folderOf(context)
  for (const { name } of listCopies(root, folder)) {
    const path = join(folder, name)
    const existing = statInside(root, path)
    if (existing !== undefined && Date.now() - existing.mtimeMs > MAX_AGE_MS) {
      // A copy that cannot be removed does no harm.
      await removeTree(root, path).catch(() => {})
    }
  }
}

function listCopies(root: string, folder: string): ReturnType<typeof listInside> {
  try {
    return listInside(root, folder)
  } catch {
    return []
  }
}

function folderOf({ project: { paths } }: Context): string {
  return join(paths.cache, 'named')
}
