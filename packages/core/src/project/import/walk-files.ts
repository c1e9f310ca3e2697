import type { Dirent } from 'node:fs'
import { listInside } from '../../disk/read-inside.ts'

/** What `walkFiles` leaves out. */
export type Walk = {
  /** Absolute; nothing outside it is read. */
  root: string
  /** Paths relative to the root that are left out, files and folders. */
  ignored: ReadonlySet<string>
  /** Receives the links, and the folders that can't be read. Default: they are left out silently. */
  onSkip?: (path: string, why: 'link' | 'unreadable') => void
}

/** The deepest folder that is read, and the most entries. */
const DEEPEST = 40
const MOST_ENTRIES = 500_000

/**
 * Yields the files below a folder, relative to the root with `/`, in an order that does not depend
 * on the disk. Hidden entries, `node_modules` and links are left out.
 *
 * @param folder relative to the root; the root itself is empty
 */
export function* walkFiles(folder: string, walk: Walk): Generator<string> {
  let entries = 0
  function* visit(parent: string, depth: number): Generator<string> {
    for (const entry of listSorted(parent, walk)) {
      if (++entries > MOST_ENTRIES) return
      const { name } = entry
      const path = parent === '' ? name : `${parent}/${name}`
      if (/^(?:\.|node_modules$)/.test(name) || walk.ignored.has(path)) continue
      if (entry.isSymbolicLink()) walk.onSkip?.(path, 'link')
      else if (entry.isDirectory() && depth < DEEPEST) yield* visit(path, depth + 1)
      else if (entry.isFile()) yield path
    }
  }
  yield* visit(folder, 0)
}

function listSorted(folder: string, { root, onSkip }: Walk): Dirent[] {
  try {
    const entries = listInside(root, folder === '' ? root : folder)
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    onSkip?.(folder, 'unreadable')
    return []
  }
}
