import { readdir, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ServedFile, writeFileAtomic } from '@limn/core/for-vite'
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
  const path = join(folderOf(context), recipe.slice(0, 16), fileNameOf(asset, output))
  const existing = await stat(path).catch(() => undefined)
  if (existing?.size !== bytes.length) await writeFileAtomic(path, bytes)
  // The folder's time records the last use.
  else await utimes(dirname(path), new Date(), new Date()).catch(() => {})
  return normalizePath(path)
}

/** Removes the copies that no build of the last 24 hours has used. */
export async function removeUnusedCopies(context: Context): Promise<void> {
  const folder = folderOf(context)
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    const existing = await stat(path).catch(() => undefined)
    if (existing !== undefined && Date.now() - existing.mtimeMs > MAX_AGE_MS) {
      // A copy that cannot be removed does no harm.
      await rm(path, { recursive: true, force: true }).catch(() => {})
    }
  }
}

function folderOf({ project: { paths } }: Context): string {
  return join(paths.cache, 'named')
}
