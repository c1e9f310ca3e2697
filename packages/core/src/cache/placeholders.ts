import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tryWriteFile } from '../disk/write-atomic.ts'

/**
 * Stand-ins of pictures by their ThumbHash: drawing one takes longer than all else that a module
 * needs. Local, and safe to delete.
 */
export type PlaceholderIndex = {
  /**
   * Gets ready to tell the stand-ins of some pictures: what draws is loaded only where one is not
   * known.
   */
  load(thumbhashes: readonly string[]): Promise<void>
  /**
   * The stand-in of a picture with that ThumbHash (base64), as a data URL. It has to have been
   * among those loaded.
   */
  of(thumbhash: string): string
  /** Writes the index where it has changed. */
  save(): void
}

/**
 * Entries that nobody asked for this time and are kept all the same, beside as many as were asked
 * for.
 */
const SPARE = 1000

/** Opens the index of a project, kept in `cacheDir`. */
export function openPlaceholderIndex(cacheDir: string): PlaceholderIndex {
  const path = join(cacheDir, 'placeholders.json')
  const asked = new Map<string, string>()
  let stored: Map<string, string> = new Map()
  let isRead = false
  let changed = false
  let draw: (thumbhash: string) => string = () => {
    throw new TypeError('A stand-in was asked for that was not loaded.')
  }
  return {
    async load(thumbhashes) {
      if (!isRead) stored = read(path)
      isRead = true
      if (thumbhashes.some((thumbhash) => !stored.has(thumbhash))) {
        draw = (await import('./draw-placeholder.ts')).createPlaceholder
      }
    },
    of(thumbhash) {
      const before = asked.get(thumbhash)
      if (before !== undefined) return before
      const kept = stored.get(thumbhash)
      const placeholder = kept ?? draw(thumbhash)
      changed ||= kept === undefined
      asked.set(thumbhash, placeholder)
      return placeholder
    },
    save() {
      if (!changed) return
      changed = false
      const others = [...stored]
        .filter(([thumbhash]) => !asked.has(thumbhash))
        .slice(0, asked.size + SPARE)
      tryWriteFile(path, JSON.stringify(Object.fromEntries([...asked, ...others])))
    },
  }
}

/** What goes into pages is to be nothing but a picture, whatever stands in the cache. */
const PLACEHOLDER = /^data:image\/png;base64,[A-Za-z0-9+/]+=*$/

function read(path: string): Map<string, string> {
  try {
    const entries = Object.entries(
      JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>,
    )
    return new Map(
      entries.filter(
        (entry): entry is [string, string] =>
          typeof entry[1] === 'string' && PLACEHOLDER.test(entry[1]),
      ),
    )
  } catch {
    // Absent or damaged: all are drawn again.
    return new Map()
  }
}
