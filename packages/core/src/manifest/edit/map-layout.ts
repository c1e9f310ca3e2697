import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import { offsets } from '../parse/document.ts'
import type { ParsedText } from '../parse/parse-yaml.ts'
import { lineEnd, lineStart } from './text-changes.ts'

/** A map of a manifest, and how it is written. */
export type MapLayout = {
  text: string
  document: Document
  map: YAMLMap
  /** Column of its keys, from 0. */
  column: number
  /** Spaces by which a level is indented. */
  step: number
  isFlow: boolean
  /** Whether its keys are in quotes, as in JSON. */
  isJson: boolean
}

/** A pair whose key is a text. */
export type TextPair = Pair<Scalar, unknown>

/** Finds how a map is written. */
export function layoutOf(
  { text, document }: ParsedText,
  map: YAMLMap,
  parentColumn: number,
): MapLayout {
  const keys = map.items.map(({ key }) => key).filter((key) => isScalar(key))
  const isFlow = map.flow === true
  const first = offsets(keys[0])?.[0]
  const column = first === undefined || isFlow ? parentColumn : columnOf(text, first)
  const isJson = isFlow && keys.length > 0 && keys.every(({ type }) => type === 'QUOTE_DOUBLE')
  const step = column > parentColumn ? column - parentColumn : 2
  return { text, document, map, column, step, isFlow, isJson }
}

/** Finds the pair of a key; `undefined` if the map itself has none, though it may merge one. */
export function findPair(map: YAMLMap, key: string): TextPair | undefined {
  return map.items.find(
    (pair): pair is TextPair => isScalar(pair.key) && String(pair.key.value) === key,
  )
}

/** Returns the column of an offset, from 0. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset)
}

/** Returns where a pair ends: its value without what follows it. */
export function endOfPair(text: string, { key, value }: Pair): number {
  const end = endOfNode(text, value)
  if (end !== undefined) return end
  const after = offsets(key)![1]
  return text.indexOf(':', after) + 1
}

/** Returns where a node ends, without the line break of a block; `undefined` if it is empty. */
export function endOfNode(text: string, node: unknown): number | undefined {
  const range = offsets(node)
  if (range === undefined) return undefined
  if ((isMap(node) || isSeq(node)) && node.flow !== true) {
    const last = node.items.at(-1)
    if (last === undefined) return range[1]
    return isPair(last) ? endOfPair(text, last) : (endOfNode(text, last) ?? range[1])
  }
  if (isScalar(node) && isBlock(node)) {
    return range[0] + text.slice(range[0], range[1]).trimEnd().length
  }
  return range[0] === range[1] && !isAlias(node) ? undefined : range[1]
}

/** Whether a text is written as a block: `|` or `>`. */
export function isBlock({ type }: Scalar): boolean {
  return type === 'BLOCK_FOLDED' || type === 'BLOCK_LITERAL'
}

/** Returns what follows an offset in its line: spaces and a comment. */
export function restOfLine(text: string, offset: number): string {
  return text.slice(offset, lineEnd(text, offset))
}
