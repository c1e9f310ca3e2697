import { rmdir } from 'node:fs/promises'
import { dirname, sep } from 'node:path'

/**
 * Removes a folder that holds nothing any more, and those that held only it: up to `top`, which
 * stays. Absolute paths.
 */
export async function removeEmptyFolders(top: string, folder: string): Promise<void> {
  for (let path = folder; path.startsWith(top + sep); path = dirname(path)) {
    const isGone = await rmdir(path).then(
      () => true,
      () => false,
    )
    if (!isGone) return
  }
}
