/*
 * The entries of `assets` as ranges of a manifest's text, found only by their indentation. Use it for
 * texts that were parsed without a mistake: in these, a line at the depth of the entries begins one.
 */

/** The offsets of the entries of `assets`. */
export type EntryLayout = {
  /** Start of the line of the first one. */
  from: number
  /** After the last one: the start of the next key of the manifest, or the end of the text. */
  to: number
  /** Spaces before each entry. */
  indent: number
}

/** Finds the entries of a manifest; `undefined` if they are not written as a block of their own. */
export function findEntries(text: string): EntryLayout | undefined {
  const heads = [...`\n${text}`.matchAll(/\nassets:[ \t]*(?:#[^\n]*)?\r?\n/g)]
  const [head] = heads
  if (head === undefined || heads.length > 1) return undefined
  // Starts at the line break that ends the key, as the patterns below begin with one.
  const start = head.index + head[0].length - 2
  const next = /\n[^ \t\r\n#]/g
  next.lastIndex = start
  const to = (next.exec(text)?.index ?? text.length - 1) + 1
  const first = /\n( +)[^ \t\r\n#]/g
  first.lastIndex = start
  const found = first.exec(text)
  if (found === null || found.index + 1 >= to) return undefined
  return { from: found.index + 1, to, indent: found[1]!.length }
}

/** Returns the start of the last entry whose first line starts before an offset. */
export function entryBefore(text: string, { from, indent }: EntryLayout, offset: number): number {
  for (let line = startOfLine(text, offset - 1); line > from; line = startOfLine(text, line - 1)) {
    if (beginsEntry(text, line, indent)) return line
  }
  return from
}

/** Returns the start of the first entry after an offset, or the end of all entries. */
export function entryAfter(text: string, { to, indent }: EntryLayout, offset: number): number {
  for (
    let end = text.indexOf('\n', offset);
    end >= 0 && end + 1 < to;
    end = text.indexOf('\n', end + 1)
  ) {
    if (beginsEntry(text, end + 1, indent)) return end + 1
  }
  return to
}

/** Returns the start of the line of an offset. */
function startOfLine(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

/** Whether an entry begins at the start of a line; a closing bracket at its depth ends an entry. */
export function beginsEntry(text: string, line: number, indent: number): boolean {
  return (
    text.startsWith(' '.repeat(indent), line) && /[^ \t\r\n#\]}]/.test(text.charAt(line + indent))
  )
}
