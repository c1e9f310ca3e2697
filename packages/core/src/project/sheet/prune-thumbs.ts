import { join } from 'node:path'
import { createDebug } from '../../debug.ts'
import { removeInside } from '../../disk/project-files.ts'
import { namesInside, statInside } from '../../disk/read-inside.ts'

const debug = createDebug('store')

/** Thumbnails in the cache: about 200 MB. Twice the assets of a large project. */
const MAX_THUMBS = 20_000

const THUMB = /^[0-9a-f]{64}\.webp$/

/**
 * Removes the oldest thumbnails of a cache that has more than it may. Leaves other files alone, and
 * ignores errors: thumbnails can be made again.
 */
export async function pruneThumbs(
  root: string,
  folder: string,
  max: number = MAX_THUMBS,
): Promise<void> {
  const names = namesInside(root, folder).filter((name) => THUMB.test(name))
  if (names.length <= max) return
  const files = names
    .map((name) => ({
      path: join(folder, name),
      at: statInside(root, join(folder, name))?.mtimeMs,
    }))
    .sort((a, b) => (a.at ?? 0) - (b.at ?? 0))
  // Some more than needed, so that the next thumbnails need not look again.
  const old = files.slice(0, names.length - Math.floor(max * 0.9))
  for (const { path } of old) {
    // oxlint-disable-next-line no-await-in-loop -- thousands of files are not removed at once
    await removeInside(root, path).catch((error: unknown) => debug('%s stays: %o', path, error))
  }
  debug('removed %d old thumbnails', old.length)
}
