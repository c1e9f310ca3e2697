import { join } from 'node:path'
import { maxBytes, readInside, readTextInside } from '../disk/read-inside.ts'
import { tryWriteFile } from '../disk/write-atomic.ts'

/** The size of an upright picture, px, and its number of frames. */
export type PictureSize = { width: number; height: number; frames: number }

/** Cached sizes of pictures by their digest. Local to this machine, and safe to delete. */
export type SizeIndex = {
  /**
   * Returns the size of a picture (px); `undefined` if it is no picture. Reads the file only if the
   * digest is not cached.
   */
  sizeOf(file: string, sha256: string): Promise<PictureSize | undefined>
  /** Writes the cache file if anything has changed. */
  save(): void
}

/** The files of earlier versions, `sizes.json` and `upright-sizes.json`, have other numbers. */
const FILE = 'picture-sizes.json'
type Numbers = [width: number, height: number, frames: number]

/** Opens the size index of the project at `root`, stored in `cacheDir`. Both absolute. */
export function openSizeIndex(root: string, cacheDir: string): SizeIndex {
  const path = join(cacheDir, FILE)
  const sizeByDigest = readSizesFile(root, path)
  let hasChanged = false
  return {
    async sizeOf(file, sha256) {
      const cached = sizeByDigest.get(sha256)
      if (cached !== undefined) {
        const [width, height, frames] = cached
        return { width, height, frames }
      }
      const { readSize } = await import('./read-size.ts')
      const size = await readSize(readInside(root, file, maxBytes.picture))
      if (size === undefined) return undefined
      sizeByDigest.set(sha256, [size.width, size.height, size.frames])
      hasChanged = true
      return size
    },
    save() {
      if (hasChanged) tryWriteFile(root, path, JSON.stringify(Object.fromEntries(sizeByDigest)))
    },
  }
}

function readSizesFile(root: string, path: string): Map<string, Numbers> {
  try {
    return new Map(
      Object.entries(
        JSON.parse(readTextInside(root, path, maxBytes.data)) as Record<string, Numbers>,
      ).filter(([, size]) => Array.isArray(size)),
    )
  } catch {
    // Without a valid cache file, all sizes are read again.
    return new Map()
  }
}
