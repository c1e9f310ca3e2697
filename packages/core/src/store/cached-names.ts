/*
 * A large project has half a million outputs. Their names in a `Set` take 60 MB, and looking one up
 * hashes its 70 characters. All but the extension are a SHA-256, so its first 64 bits tell names
 * apart: two of 500,000 have the same with a probability of one in a hundred million. Limn then
 * only plans no file where one is missing, and whoever needs it cuts it.
 */

/** The names of the files in the output cache. */
export type CachedNames = { has(name: string): boolean }

const HEX_DIGITS = 64
const FIRST_SLOTS = 1024
/** Number of extensions that fit a byte, without 0, which marks an empty slot. */
const MAX_EXTENSIONS = 255

/** Open addressing: the key of slot `n` is at `2 * n`, its extension at `n`. */
type Table = { keys: Uint32Array; extensions: Uint8Array; count: number }

/** Collects the names of cached outputs. Others are kept as they are. */
export function createCachedNames(): CachedNames & { add(name: string): void } {
  const others = new Set<string>()
  const numberByExtension = new Map<string, number>()
  let table = createTable(FIRST_SLOTS)
  const numberOf = (extension: string): number | undefined => {
    const known = numberByExtension.get(extension)
    if (known !== undefined || numberByExtension.size === MAX_EXTENSIONS) return known
    numberByExtension.set(extension, numberByExtension.size + 1)
    return numberByExtension.size
  }
  return {
    add(name) {
      const number = isHashed(name) ? numberOf(name.slice(HEX_DIGITS)) : undefined
      if (number === undefined) return void others.add(name)
      if (table.count * 2 >= table.extensions.length) table = grow(table)
      insert(table, number, wordAt(name, 0), wordAt(name, 8))
    },
    has(name) {
      if (!isHashed(name)) return others.has(name)
      const number = numberByExtension.get(name.slice(HEX_DIGITS))
      if (number === undefined) return others.has(name)
      return table.extensions[slotOf(table, number, wordAt(name, 0), wordAt(name, 8))] === number
    },
  }
}

function createTable(slots: number): Table {
  return { keys: new Uint32Array(2 * slots), extensions: new Uint8Array(slots), count: 0 }
}

function grow(from: Table): Table {
  const to = createTable(2 * from.extensions.length)
  for (const [slot, extension] of from.extensions.entries()) {
    if (extension !== 0) insert(to, extension, from.keys[2 * slot]!, from.keys[2 * slot + 1]!)
  }
  return to
}

function insert(table: Table, extension: number, high: number, low: number): void {
  const slot = slotOf(table, extension, high, low)
  if (table.extensions[slot] !== 0) return
  table.keys[2 * slot] = high
  table.keys[2 * slot + 1] = low
  table.extensions[slot] = extension
  table.count++
}

/** Returns the slot that has a key, or the empty one where it belongs. */
function slotOf({ keys, extensions }: Table, extension: number, high: number, low: number): number {
  const last = extensions.length - 1
  let slot = low & last
  while (
    extensions[slot] !== 0 &&
    (extensions[slot] !== extension || keys[2 * slot] !== high || keys[2 * slot + 1] !== low)
  ) {
    slot = (slot + 1) & last
  }
  return slot
}

/** Returns whether a name starts with a SHA-256, whose digits have a dot behind them. */
function isHashed(name: string): boolean {
  if (name.length <= HEX_DIGITS || name[HEX_DIGITS] !== '.') return false
  for (let at = 0; at < HEX_DIGITS; at++) {
    const code = name.charCodeAt(at)
    if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 102))) return false
  }
  return true
}

/** Returns eight digits of a name as a number. */
function wordAt(name: string, start: number): number {
  let word = 0
  for (let at = start; at < start + 8; at++) {
    const code = name.charCodeAt(at)
    word = (word << 4) | (code > 57 ? code - 87 : code - 48)
  }
  return word >>> 0
}
