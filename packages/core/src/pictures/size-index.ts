import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tryWriteFile } from '../disk/write-atomic.ts'

/**
 * Sizes of pictures by their digest: what has the same bytes has the same size. Local, and safe to
 * delete.
 */
export type SizeIndex = {
  /**
   * The size of the picture with that digest, px; read from the file once. `undefined` where it is
   * no picture.
   */
  sizeOf(file: string, sha256: string): Promise<{ width: number; height: number } | undefined>
  /** Writes the index where it has changed. */
  save(): void
}

/** Opens the index of a project, kept in `cacheDir`. */
export function openSizeIndex(cacheDir: string): SizeIndex {
  const path = join(cacheDir, 'sizes.json')
  const known = read(path)
  let changed = false
  return {
    async sizeOf(file, sha256) {
      const before = known.get(sha256)
      if (before !== undefined) return { width: before[0], height: before[1] }
      const { readSize } = await import('./read-size.ts')
      const size = await readSize(file)
      if (size === undefined) return undefined
      known.set(sha256, [size.width, size.height])
      changed = true
      return size
    },
    save() {
      if (changed) tryWriteFile(path, JSON.stringify(Object.fromEntries(known)))
    },
  }
}

function read(path: string): Map<string, [width: number, height: number]> {
  try {
    return new Map(
      Object.entries(
        JSON.parse(readFileSync(path, 'utf8')) as Record<string, [number, number]>,
      ).filter(([, size]) => Array.isArray(size)),
    )
  } catch {
    return new Map()
  }
}
