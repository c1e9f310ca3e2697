import { isScalar, type Scalar } from 'yaml'
import { offsets } from '../parse/document.ts'
import { formatText } from './format-text.ts'
import {
  endOfNode,
  endOfPair,
  findPair,
  isBlock,
  type MapLayout,
  restOfLine,
  type TextPair,
} from './map-layout.ts'
import { breakAt, type Change, lineEnd, lineStart } from './text-changes.ts'

/** A value to write: a text, or one that is written in brackets or braces. */
export type NewValue = string | { flow: string }

/** The keys of an asset in the order in which people write them; others keep their place. */
const order = [
  'source',
  'prompt',
  'style',
  'vars',
  'matrix',
  'use',
  'edit',
  'references',
  'variation',
  'expect',
  'attempts',
  'model',
  'quality',
  'image',
  'mask',
  'alt',
  'altSuggested',
  'decorative',
  'position',
  'outputs',
]

/** Sets a key of a map: replaces its value, or adds it where people write it. */
export function setKey(layout: MapLayout, key: string, value: NewValue): Change[] {
  const pair = findPair(layout.map, key)
  return pair === undefined ? [insertKey(layout, key, value)] : [replaceValue(layout, pair, value)]
}

/** Removes a key of a map, with its line. */
export function removeKey({ text, map, isFlow }: MapLayout, key: string): Change[] {
  const pair = findPair(map, key)
  if (pair === undefined) return []
  const index = map.items.indexOf(pair)
  const start = offsets(pair.key)![0]
  const end = endOfPair(text, pair)
  if (!isFlow) {
    const last = lineEnd(text, end)
    return [{ start: lineStart(text, start), end: last + breakAt(text, last).length, text: '' }]
  }
  const next = map.items[index + 1]
  if (next !== undefined) return [{ start, end: offsets(next.key)![0], text: '' }]
  const before = map.items[index - 1]
  return [{ start: before === undefined ? start : endOfPair(text, before), end, text: '' }]
}

function replaceValue(layout: MapLayout, pair: TextPair, value: NewValue): Change {
  const { text } = layout
  const node = pair.value
  const range = offsets(node) ?? [endOfPair(text, pair), endOfPair(text, pair)]
  const start = range[0]
  const end = endOfNode(text, node) ?? start
  const old =
    isScalar(node) && node.type !== undefined
      ? { type: node.type as Scalar.Type, source: text.slice(start, end) }
      : undefined
  const written = format(layout, sourceOfKey(layout, pair), value, old)
  const space = text[start - 1] === ':' ? ' ' : ''
  const comment = commentOf(layout, node, start, end)
  const rest = restOfLine(text, end)
  const isComment = rest.trim().startsWith('#')
  // An empty value ends right before its comment, which needs a space before it.
  const gap = rest.startsWith('#') ? ' ' : ''
  const breakAfterHeader = written.indexOf('\n')
  if (breakAfterHeader < 0) return { start, end, text: `${space}${written}${comment}${gap}` }
  // A comment after the value would become a part of the block: it goes to the block's first line.
  const header = `${written.slice(0, breakAfterHeader)}${isComment ? `${gap}${rest.trimEnd()}` : comment}`
  return {
    start,
    end: isComment ? end + rest.length : end,
    text: `${space}${header}${written.slice(breakAfterHeader)}`,
  }
}

/** Returns the comment in the first line of a block, with the spaces before it. */
function commentOf({ text }: MapLayout, node: unknown, start: number, end: number): string {
  if (!isScalar(node) || !isBlock(node)) return ''
  return /^[|>][-+\d]*([ \t]+#[^\r\n]*)/.exec(text.slice(start, end))?.[1] ?? ''
}

function insertKey(layout: MapLayout, key: string, value: NewValue): Change {
  const { text, map, column, isFlow, isJson } = layout
  const written = isJson ? JSON.stringify(key) : key
  const line = `${written}: ${format(layout, written, value, undefined)}`
  const before = pairBefore(layout, key)
  const first = map.items[0]
  if (first === undefined) return fillEmptyMap(layout, line)
  if (before === undefined) {
    const start = offsets(first.key)![0]
    const gap = isFlow ? `,${gapBefore(text, start)}` : `\n${' '.repeat(column)}`
    return { start, end: start, text: `${line}${gap}` }
  }
  const end = endOfPair(text, before)
  if (isFlow) {
    const gap = gapBefore(text, offsets(before.key)![0])
    return { start: end, end, text: `,${gap}${line}` }
  }
  const at = lineEnd(text, end)
  return { start: at, end: at, text: `\n${' '.repeat(column)}${line}` }
}

/** Returns the line break and the indentation before a key in brackets; a space in one line. */
function gapBefore(text: string, offset: number): string {
  const before = text.slice(lineStart(text, offset), offset)
  return before.trim() === '' && lineStart(text, offset) > 0 ? `\n${before}` : ' '
}

function fillEmptyMap({ text, map }: MapLayout, line: string): Change {
  const [start, end] = offsets(map)!
  return text.slice(start, end).startsWith('{')
    ? { start: start + 1, end: end - 1, text: ` ${line} ` }
    : { start, end, text: line }
}

/** Returns the last pair of a map that people write before a key. */
function pairBefore({ map }: MapLayout, key: string): TextPair | undefined {
  const earlier = order.slice(0, order.indexOf(key))
  return map.items.findLast(
    (pair): pair is TextPair => isScalar(pair.key) && earlier.includes(String(pair.key.value)),
  )
}

function sourceOfKey({ text }: MapLayout, { key }: TextPair): string {
  const [start, end] = offsets(key)!
  return text.slice(start, end)
}

function format(
  layout: MapLayout,
  key: string,
  value: NewValue,
  old: { type: Scalar.Type; source: string } | undefined,
): string {
  if (typeof value !== 'string') return value.flow
  const { column, step, isFlow, isJson } = layout
  return formatText(value, { key, column, step, isFlow, isJson, old })
}
