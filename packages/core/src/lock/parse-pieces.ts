import { StringDecoder } from 'node:string_decoder'
import { isShallow, MAX_LEVELS, parseLock, whyInvalidAsset } from './codec.ts'
import type { Lock, LockEntry } from './lock.ts'

const ASSETS = '\n  "assets": {\n'
const BETWEEN = '\n    },\n'
const END = '\n  }\n}\n'

/**
 * Parses a lockfile piece by piece. The result is that of `parseLock`, but the text is never in
 * memory as a whole: a lockfile has 2000 bytes per picture.
 *
 * @param pieces the bytes of the file, in pieces of any size
 * @returns `undefined` if `formatLock` did not write the text, or if it is invalid: use `parseLock`
 */
export function parseLockPieces(
  pieces: Iterable<Buffer>,
  mastersFolder = 'images',
): Lock | undefined {
  let lock: Lock | undefined
  const entries = new Map<string, LockEntry>()
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for (const piece of pieces) {
    const added = decoder.write(piece)
    rest += added
    // Bytes that are no UTF-8 may be decoded in another way in pieces.
    if (rest.length > MAX_REST || added.includes('\uFFFD')) return undefined
    if (lock === undefined) {
      const at = rest.indexOf(ASSETS)
      if (at < 0) continue
      lock = parseHead(rest.slice(0, at), mastersFolder)
      if (lock === undefined) return undefined
      rest = rest.slice(at + ASSETS.length)
    }
    // Line breaks are only between values, so what parses ends between two entries.
    const end = rest.lastIndexOf(BETWEEN)
    if (end < 0) continue
    const text = rest.slice(0, end + BETWEEN.indexOf(','))
    if (!addEntries(entries, text, mastersFolder)) return undefined
    rest = rest.slice(end + BETWEEN.length)
  }
  rest += decoder.end()
  const isComplete =
    rest.endsWith(END) && addEntries(entries, rest.slice(0, -END.length), mastersFolder)
  return lock !== undefined && isComplete ? { ...lock, assets: entries } : undefined
}

/** Longest text without the end of an entry that is read in pieces, characters. */
const MAX_REST = 1_000_000

/** Parses what is before the entries; `undefined` if it is invalid. */
function parseHead(text: string, mastersFolder: string): Lock | undefined {
  try {
    return parseLock(`${text}\n  "assets": {}\n}`, '', mastersFolder)
  } catch {
    return undefined
  }
}

/** Parses entries and adds them; returns whether all are valid, and in the order of the text. */
function addEntries(entries: Map<string, LockEntry>, text: string, mastersFolder: string): boolean {
  let added: object
  try {
    added = JSON.parse(`{${text}}`) as object
  } catch {
    return false
  }
  if (!isShallow(added, MAX_LEVELS - 1)) return false
  for (const [name, entry] of Object.entries(added)) {
    // Objects put keys that are numbers first.
    if (/^\d+$/.test(name) || whyInvalidAsset(name, entry, mastersFolder) !== undefined) {
      return false
    }
    entries.set(name, entry as LockEntry)
  }
  return true
}
