import { beginsEntry, type EntryLayout, entryAfter, entryBefore } from './entry-layout.ts'
import { sharedEnd, sharedStart } from './text-diff.ts'

/** The entries in which two texts differ, as offsets: from where, and to where in each text. */
export type Change = { from: number; oldTo: number; newTo: number }

/**
 * Finds the entries in which two texts differ.
 *
 * @param layout the entries of `before`
 * @returns `undefined` if the texts also differ elsewhere, or the entries can't be parsed on their
 *   own
 */
export function findChange(before: string, text: string, layout: EntryLayout): Change | undefined {
  const start = sharedStart(before, text)
  const oldEnd = before.length - sharedEnd(before, text, start)
  if (start <= layout.from || oldEnd > layout.to) return undefined
  const from = entryBefore(before, layout, start)
  const oldTo = entryAfter(before, layout, oldEnd)
  const newTo = oldTo + text.length - before.length
  const [old, fresh] = [before.slice(from, oldTo), text.slice(from, newTo)]
  // The changed part must begin with an entry, and what follows must be on a line of its own.
  if (!beginsEntry(text, from, layout.indent) || (newTo < text.length && !fresh.endsWith('\n'))) {
    return undefined
  }
  // Anchors, aliases and merges reach beyond an entry, and a key at the left edge ends all entries.
  if (
    /[&*]\S|<</.test(`${old}\n${fresh}`) ||
    /\n[^ \t\r\n#]/.test(`\n${fresh}`) ||
    /\r(?!\n)/.test(fresh)
  ) {
    return undefined
  }
  return { from, oldTo, newTo }
}
