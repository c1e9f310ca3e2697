import { join } from 'node:path'
import { createDebug, elapsed } from '../../debug.ts'
import { hasDigest } from '../../digest.ts'
import { maxBytes, readInside } from '../../disk/read-inside.ts'
import { tryWriteFile } from '../../disk/write-atomic.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import { createLatestFirstQueue } from './latest-first-queue.ts'
import { pruneThumbs } from './prune-thumbs.ts'
import { createThumb } from './web-picture.ts'

const debug = createDebug('store')

/** Thumbnails of files, made when they are requested and cached on disk. */
export type Thumbs = {
  /**
   * Returns the thumbnail of a file, as WebP.
   *
   * @param signal takes a request out of the queue
   * @throws the errors of `readInside`; LimnError `picture/unreadable`
   */
  get(file: ThumbFile, signal?: AbortSignal): Promise<Uint8Array>
  /** Makes another thumbnail when its turn comes. `signal` takes it out of the queue. */
  add<T>(make: () => Promise<T>, signal?: AbortSignal): Promise<T>
}

/** `path` is relative to the root, `sha256` the digest that the file had when it was listed. */
type ThumbFile = { path: string; sha256: string }

/** Thumbnails that are made at the same time. */
const CONCURRENCY = 2
/** How many new thumbnails there are between two looks at the size of the cache. */
const PRUNE_EVERY = 500
/** Largest thumbnail in the cache, bytes. */
const MAX_THUMB = 1024 * 1024

/** Opens the thumbnails of a project. */
export function openThumbs({ root, cache }: ProjectPaths): Thumbs {
  const queue = createLatestFirstQueue(CONCURRENCY)
  let written = 0
  const makingByDigest = new Map<string, Promise<Uint8Array>>()

  async function make(path: string, sha256: string): Promise<Uint8Array> {
    const start = performance.now()
    const bytes = readInside(root, path, maxBytes.picture)
    const thumb = await createThumb(bytes)
    // The file may have changed since it was listed: then its thumbnail has another name.
    if (hasDigest(bytes, sha256)) {
      if (written % PRUNE_EVERY === 0) void pruneThumbs(root, join(cache, 'thumbs'))
      written++
      tryWriteFile(root, fileOf(cache, sha256), thumb)
    }
    debug('thumbnail of %s: %d bytes, %s', path, thumb.length, elapsed(start))
    return thumb
  }

  async function get(file: ThumbFile, signal?: AbortSignal): Promise<Uint8Array> {
    const { path, sha256 } = file
    const cached = readCached(root, fileOf(cache, sha256))
    if (cached !== undefined) return cached
    const making = makingByDigest.get(sha256)
    if (making !== undefined) {
      return making.catch((error: unknown) => {
        // Only the one who asked first has left.
        if (isAbort(error) && signal?.aborted !== true) return get(file, signal)
        throw error
      })
    }
    const made = queue.add(() => make(path, sha256), signal)
    makingByDigest.set(sha256, made)
    const forget = (): void => void makingByDigest.delete(sha256)
    made.then(forget, forget)
    return made
  }
  return { get, add: (work, signal) => queue.add(work, signal) }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

function fileOf(cache: string, sha256: string): string {
  return join(cache, 'thumbs', `${sha256}.webp`)
}

function readCached(root: string, path: string): Buffer | undefined {
  try {
    const bytes = readInside(root, path, MAX_THUMB)
    return bytes.length > 0 ? bytes : undefined
  } catch {
    return undefined
  }
}
