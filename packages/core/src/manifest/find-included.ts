import { basename, dirname } from 'node:path'
import type { IncludedFiles } from './read-included.ts'
import { readText, type Texts } from './read-text.ts'

/**
 * Finds and reads the files that a manifest includes.
 *
 * @param path absolute path of the manifest
 * @param entries its `include`
 * @param texts what to read in place of files
 */
export async function findIncluded(
  path: string,
  entries: readonly string[],
  texts?: Texts,
): Promise<IncludedFiles> {
  const { readIncluded } = await import('./read-included.ts')
  return readIncluded({
    root: dirname(path),
    manifest: basename(path),
    entries,
    readText: (file, shownPath) => texts?.get(shownPath) ?? readText(file, shownPath),
  })
}
