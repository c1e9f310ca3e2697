import { join } from 'node:path'
import { maxBytes, readTextInside } from '../disk/read-inside.ts'
import { tryWriteFile } from '../disk/write-atomic.ts'

/**
 * Cached placeholders by ThumbHash: drawing one takes longer than everything else that a picture
 * module needs. Local to this machine, and safe to delete.
 */
type Placeholders = {
  /** Prepares placeholders for `of`. Loads the drawing code only if one of them is not cached. */
  load(thumbhashes: readonly string[]): Promise<void>
  /**
   * Returns the placeholder of a picture as a data URL.
   *
   * @param thumbhash base64, among those passed to `load`
   */
  of(thumbhash: string): string
  /** Writes the cache file if anything has changed. */
  save(): void
}

/** Unused entries to keep in addition to as many as were used. */
const SPARE_ENTRIES = 1000

/** Opens the placeholders of the project at `root`, stored in `cacheDir`. Both absolute. */
export function openPlaceholders(root: string, cacheDir: string): Placeholders {
  const path = join(cacheDir, 'placeholders.json')
  const used = new Map<string, string>()
  let stored: Map<string, string> = new Map()
  let isRead = false
  let hasChanged = false
  let draw: (thumbhash: string) => string = () => {
    throw new TypeError('A placeholder was requested before it was loaded.')
  }
  return {
    async load(thumbhashes) {
      if (!isRead) stored = readPlaceholdersFile(root, path)
      isRead = true
      if (thumbhashes.some((thumbhash) => !stored.has(thumbhash))) {
        draw = (await import('./draw-placeholder.ts')).drawPlaceholder
      }
    },
    of(thumbhash) {
      const previous = used.get(thumbhash)
      if (previous !== undefined) return previous
      const cached = stored.get(thumbhash)
      const placeholder = cached ?? draw(thumbhash)
      hasChanged ||= cached === undefined
      used.set(thumbhash, placeholder)
      return placeholder
    },
    save() {
      if (!hasChanged) return
      hasChanged = false
      const unused = [...stored]
        .filter(([thumbhash]) => !used.has(thumbhash))
        .slice(0, used.size + SPARE_ENTRIES)
      tryWriteFile(root, path, JSON.stringify(Object.fromEntries([...used, ...unused])))
    },
  }
}

/** Placeholders are inserted into pages, so nothing but a data URL is accepted from the cache. */
const PLACEHOLDER = /^data:image\/png;base64,[A-Za-z0-9+/]+=*$/

function readPlaceholdersFile(root: string, path: string): Map<string, string> {
  try {
    const entries = Object.entries(
      JSON.parse(readTextInside(root, path, maxBytes.data)) as Record<string, unknown>,
    )
    return new Map(
      entries.filter(
        (entry): entry is [string, string] =>
          typeof entry[1] === 'string' && PLACEHOLDER.test(entry[1]),
      ),
    )
  } catch {
    // Without a valid cache file, all placeholders are drawn again.
    return new Map()
  }
}
