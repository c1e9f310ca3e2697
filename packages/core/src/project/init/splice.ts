/** A piece of text that replaces `start` to `end` (UTF-16 units, `end` exclusive) of another. */
export type Splice = { start: number; end: number; text: string }

/** Applies splices that do not overlap; those at the same place in their order. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = text
  const fromTheEnd = splices
    .map((splice, index) => ({ ...splice, index }))
    .sort((a, b) => b.start - a.start || b.index - a.index)
  for (const { start, end, text: by } of fromTheEnd) {
    result = result.slice(0, start) + by + result.slice(end)
  }
  return result
}

/** A list in brackets or braces, as the parser found it in a text. */
export type List = {
  /** Index of the opening and of the closing bracket. */
  open: number
  close: number
  /** Its items in order: first index, and the one after the last. */
  items: readonly { start: number; end: number }[]
  /** Index of the comma after the last item; `undefined` if there is none. */
  trailingComma: number | undefined
  kind: 'array' | 'object'
}

/** The rest of a line that contains only white space and comments that end on it. */
const ONLY_COMMENTS = /^[ \t]*(?:\/\*(?:(?!\*\/|\n).)*\*\/[ \t]*)*(?:\/\/[^\r\n]*)?(?=\r?\n|$)/

/**
 * Returns the splices that append an item to a list as the file is written: on a line of its own if
 * the last item has one, with a trailing comma if that has one. Comments stay with their items.
 *
 * @param isJson no trailing comma is added
 */
export function appendItem(
  text: string,
  list: List,
  { item, isJson = false }: { item: string; isJson?: boolean },
): Splice[] {
  const last = list.items.at(-1)
  if (last === undefined) return [fillEmpty(text, list, { item, isJson })]
  const isOnOwnLine = text.slice(list.open, last.start).includes('\n') && startsLine(text, last)
  if (!isOnOwnLine) return [insert(last.end, `, ${item}`)]
  const line = `${eolOf(text)}${indentAt(text, last.start)}${item}`
  const { trailingComma } = list
  const end = trailingComma === undefined ? last.end : trailingComma + 1
  const rest = ONLY_COMMENTS.exec(text.slice(end))?.[0].length
  const at = rest === undefined ? end : end + rest
  return trailingComma === undefined
    ? [insert(last.end, ','), insert(at, line)]
    : [insert(at, `${line},`)]
}

function fillEmpty(
  text: string,
  { open, close, kind }: List,
  { item, isJson }: { item: string; isJson: boolean },
): Splice {
  const isMultiline = text.slice(open, close).includes('\n')
  if (isMultiline) {
    const indent = indentAt(text, open) + indentUnit(text)
    return insert(open + 1, `${eolOf(text)}${indent}${item}${isJson ? '' : ','}`)
  }
  const inner = text.slice(open + 1, close)
  const gap = inner.trim() === '' ? '' : ' '
  const space = kind === 'array' ? '' : ' '
  return gap === ''
    ? { start: open + 1, end: close, text: space + item + space }
    : insert(open + 1, space + item + (kind === 'array' ? gap : ''))
}

function startsLine(text: string, { start }: { start: number }): boolean {
  return text.slice(lineStart(text, start), start).trim() === ''
}

/** Creates a splice that only adds. */
export function insert(at: number, text: string): Splice {
  return { start: at, end: at, text }
}

/** Returns the line break that a text uses. */
export function eolOf(text: string): '\n' | '\r\n' {
  return /\r?\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n'
}

/** Returns the white space that a text indents a level with. Default: two spaces. */
function indentUnit(text: string): string {
  return /^(?:\t|  +)(?=[^\s*])/m.exec(text)?.[0] ?? '  '
}

/** Returns the white space at the start of the line of an index. */
function indentAt(text: string, index: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, index)))![0]
}

function lineStart(text: string, index: number): number {
  return text.lastIndexOf('\n', index - 1) + 1
}
