import { rmdir } from 'node:fs/promises'
import { dirname, sep } from 'node:path'

/**
 * Removes a folder if it is empty, then each parent that has become empty, up to and excluding
 * `top`.
 *
 * @param top absolute
 * @param folder absolute, below `top`
 */
export async function removeEmptyFolders(top: string, folder: string): Promise<void> {
  for (let path = folder; path.startsWith(top + sep); path = dirname(path)) {
    const isRemoved = await rmdir(path).then(
      () => true,
      () => false,
    )
    if (!isRemoved) return
  }
}
