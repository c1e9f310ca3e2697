import { readdir, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ServedFile, writeFileAtomic } from '@limn/core/for-vite'
import { normalizePath } from 'vite'
import { fileNameOf } from '../build/emit.ts'
import type { Context } from '../context.ts'
import type { Wanted } from '../wanted.ts'

/** How long a copy stays after it was last asked for, ms: another build may be about to read it. */
const KEPT_MS = 24 * 60 * 60_000

/**
 * A finished file on the disk under a name that people know, for what Vite reads itself. @returns
 * its path, absolute, with `/`
 */
export async function nameFile(
  context: Context,
  { asset, output }: Wanted,
  { bytes, recipe }: ServedFile,
): Promise<string> {
  const path = join(folderOf(context), recipe.slice(0, 16), fileNameOf(asset, output))
  const known = await stat(path).catch(() => undefined)
  if (known?.size !== bytes.length) await writeFileAtomic(path, bytes)
  // Its folder says when it was last asked for.
  else await utimes(dirname(path), new Date(), new Date()).catch(() => {})
  return normalizePath(path)
}

/** Removes the copies that no build of the last day has asked for. */
export async function sweepNamedFiles(context: Context): Promise<void> {
  const folder = folderOf(context)
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    const known = await stat(path).catch(() => undefined)
    // What can't be taken away is in nobody's way.
    if (known !== undefined && Date.now() - known.mtimeMs > KEPT_MS) {
      await rm(path, { recursive: true, force: true }).catch(() => {})
    }
  }
}

function folderOf({ project: { paths } }: Context): string {
  return join(paths.cache, 'named')
}
