import { basename, dirname } from 'node:path'
import type { IncludedFiles } from './read-included.ts'
import type { Texts } from './read-text.ts'

/**
 * Finds and reads the files that a manifest on the disk includes.
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
  const [{ readIncluded }, { openProjectFiles }] = await Promise.all([
    import('./read-included.ts'),
    import('./files-on-disk.ts'),
  ])
  const files = openProjectFiles(dirname(path), texts)
  return readIncluded({ files, manifest: basename(path), entries })
}
