import { isAlias, isMap, type Node, visit } from 'yaml'
import { entryAfter, findEntries } from '../cache/entry-layout.ts'
import { parseYaml, type ParsedText } from '../parse/parse-yaml.ts'
import { findPair, type TextPair } from './map-layout.ts'

/** Where an entry is: its name, and its line, from 1, if it is known. */
export type EntryPlace = { key: string; line?: number | undefined }

/**
 * A part of a text that is edited instead of the whole: its last `rest` characters, and those
 * before `from`, are not part of the result. `before` and `after` are what it leaves out.
 */
export type Part = {
  before: string
  part: ParsedText & { from: number; rest: number }
  after: string
}

/** Returns a whole text as a part. */
export function wholeText(text: string): Part {
  return { before: '', part: { text, document: parseYaml(text), from: 0, rest: 0 }, after: '' }
}

/**
 * Leaves out all other entries of a manifest, so that a large one is edited fast; `undefined` if
 * the entry may depend on others, or cannot be told apart.
 */
export function isolateEntry(text: string, { key, line }: EntryPlace): Part | undefined {
  const layout = findEntries(text)
  if (line === undefined || layout === undefined) return undefined
  const start = offsetOfLine(text, line)
  if (start < layout.from || start >= layout.to) return undefined
  const end = entryAfter(text, layout, start)
  const [head, tail] = [text.slice(0, layout.from), text.slice(layout.to)]
  const few = `${head}${text.slice(start, end)}${tail}`
  const document = parseYaml(few)
  const assets = document.get('assets', true)
  const pair = isMap(assets) ? findPair(assets, key) : undefined
  const isAlone = isMap(assets) && assets.items.length === 1
  if (pair === undefined || !isAlone || document.errors.length > 0 || isLinked(pair)) {
    return undefined
  }
  return {
    before: text.slice(0, start),
    part: { text: few, document, from: head.length, rest: tail.length },
    after: text.slice(end),
  }
}

/** Returns the offset of a line, which counts from 1. */
function offsetOfLine(text: string, line: number): number {
  let offset = 0
  for (let number = 1; number < line && offset >= 0; number++) {
    offset = text.indexOf('\n', offset) + 1
    if (offset === 0) return -1
  }
  return offset
}

/** Whether an entry has an alias, or an anchor that others may have an alias for. */
function isLinked(pair: TextPair): boolean {
  let found = isAlias(pair.value)
  visit(pair.value as Node | null, {
    Alias() {
      found = true
    },
    Node(_, { anchor }: { anchor?: string }) {
      if (anchor !== undefined) found = true
    },
  })
  return found
}
