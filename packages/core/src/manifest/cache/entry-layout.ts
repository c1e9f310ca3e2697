/*
 * The entries of `assets` as stretches of a manifest's text, found by their indentation
 * alone. It is only asked of texts that were read whole before without a mistake: then YAML
 * itself says that a line at the depth of the entries begins one.
 */

/** Where the entries of `assets` stand, as offsets. */
export type EntryLayout = {
  /** Where the line of the first one begins. */
  from: number
  /** Behind the last one: where the next key of the manifest begins, or the text ends. */
  to: number
  /** Spaces before each entry. */
  indent: number
}

/** Finds the entries of a manifest; `undefined` where they are not written as a block of their own. */
export function findEntries(text: string): EntryLayout | undefined {
  const heads = [...`\n${text}`.matchAll(/\nassets:[ \t]*(?:#[^\n]*)?\r?\n/g)]
  const [head] = heads
  if (head === undefined || heads.length > 1) return undefined
  // Of the line break that ends it on: those in front of what is looked for belong to it.
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

/** Where the last entry begins whose first line starts before an offset. */
export function entryBefore(text: string, { from, indent }: EntryLayout, offset: number): number {
  for (let line = startOfLine(text, offset - 1); line > from; line = startOfLine(text, line - 1)) {
    if (beginsEntry(text, line, indent)) return line
  }
  return from
}

/** Where the first entry begins whose line starts behind an offset, or the end of all. */
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

/** Where the line of an offset begins. */
function startOfLine(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

/**
 * Whether an entry begins at the start of a line. A closing bracket may stand at the depth of the
 * entry that it ends.
 */
export function beginsEntry(text: string, line: number, indent: number): boolean {
  return (
    text.startsWith(' '.repeat(indent), line) && /[^ \t\r\n#\]}]/.test(text.charAt(line + indent))
  )
}
