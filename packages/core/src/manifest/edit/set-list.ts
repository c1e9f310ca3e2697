import { isAlias, isMap, isScalar, isSeq, type Node, type YAMLSeq } from 'yaml'
import type { OutputRuleFile } from '../manifest-file.ts'
import { offsets } from '../parse/document.ts'
import { parseYaml } from '../parse/parse-yaml.ts'
import { nameOfRule } from '../read-written.ts'
import { columnOf, endOfNode, findPair, type MapLayout, type TextPair } from './map-layout.ts'
import { setKey } from './set-key.ts'
import { breakAt, type Change, lineEnd, lineStart } from './text-changes.ts'

/** Returns the name of an entry of a list. */
export type NameOf = (entry: unknown) => string

/**
 * Makes a list of a map have the given names, in their order. Entries that stay keep their text and
 * the comments above them; a list that is one name without brackets stays so if it can.
 */
export function setList(
  layout: MapLayout,
  key: string,
  wanted: readonly string[],
  nameOf: NameOf,
): Change[] {
  // A name stands for all entries that have it.
  const names = [...new Set(wanted)]
  const pair = findPair(layout.map, key)
  const node = pair?.value
  const isOne = pair === undefined || isScalar(node)
  if (isOne && names.length === 1 && key === 'style') return setKey(layout, key, names[0]!)
  const flow = flowList(names, layout)
  if (pair === undefined || !isSeq(node)) return setKey(layout, key, { flow })
  const list = readList(layout, node, nameOf)
  const { kept, slots } = matchItems(list, names)
  if (kept.length === 0) {
    return node.flow === true
      ? setKey(layout, key, { flow })
      : rewriteBlock(layout, { pair, list, names })
  }
  return [
    ...list.flatMap((item, index) =>
      slots.includes(index) ? [] : [removeItem(layout, list, index, slots)],
    ),
    ...placeItems(layout, { list, slots, kept, names }),
  ]
}

/** An entry of a list: its place in the text without the dash, and where its dash is. */
type Item = { name: string; start: number; end: number; dash: number; isFlow: boolean }

function readList({ text, document }: MapLayout, seq: YAMLSeq, nameOf: NameOf): Item[] {
  let previous = offsets(seq)![0]
  return seq.items.map((item) => {
    const node = item as Node
    const [start] = offsets(node) ?? [previous]
    const end = endOfNode(text, node) ?? start
    const isFlow = seq.flow === true
    const between = text.slice(previous, start)
    const dash = isFlow ? start : previous + between.search(/-(?=\s|$)/)
    const from = isFlow ? start : dash + 1 + /^[ \t]*/.exec(text.slice(dash + 1))![0].length
    previous = end
    return {
      name: nameOf(isAlias(node) ? node.resolve(document) : node),
      start: isFlow ? startWithProperties(text, node, start) : from,
      end,
      dash,
      isFlow,
    }
  })
}

/** Returns where a node in brackets starts, with its anchor. */
function startWithProperties(text: string, node: Node, start: number): number {
  const anchor = 'anchor' in node && typeof node.anchor === 'string' ? `&${node.anchor}` : ''
  if (anchor === '') return start
  return text.lastIndexOf(anchor, start)
}

/** Matches entries with names. `kept` are those that stay, in the new order; `slots` in the old. */
function matchItems(
  list: readonly Item[],
  names: readonly string[],
): { kept: number[]; slots: number[] } {
  const kept = names.flatMap((name) =>
    list.flatMap((item, index) => (item.name === name ? [index] : [])),
  )
  return { kept, slots: [...kept].sort((a, b) => a - b) }
}

function removeItem(
  { text }: MapLayout,
  list: readonly Item[],
  index: number,
  slots: readonly number[],
): Change {
  const { dash, start, end, isFlow } = list[index]!
  if (!isFlow) {
    const last = lineEnd(text, end)
    const isSharedLine = text.slice(lineStart(text, dash), dash).trim() !== ''
    const from = isSharedLine ? dash : lineStart(text, dash)
    return { start: from, end: last + breakAt(text, last).length, text: '' }
  }
  // Up to the next entry; after the last one that stays, from the entry before.
  if (slots.some((slot) => slot > index)) {
    return { start, end: list[index + 1]!.start, text: '' }
  }
  const last = list[index - 1]!.end
  const between = text.slice(last, start)
  // The comment of an entry that stays is after its comma.
  const isCommented = slots.includes(index - 1) && between.includes('#')
  return { start: isCommented ? last + between.trimEnd().length : last, end, text: '' }
}

type Placement = {
  list: readonly Item[]
  slots: readonly number[]
  kept: readonly number[]
  names: readonly string[]
}

/** Puts each entry that stays into its new place, and adds new ones after those before them. */
function placeItems(layout: MapLayout, { list, slots, kept, names }: Placement): Change[] {
  const { text } = layout
  const known = new Set(list.map(({ name }) => name))
  const changes = slots.flatMap((slot, index): Change[] => {
    const from = list[kept[index]!]!
    const { start, end } = list[slot]!
    return slot === kept[index] ? [] : [{ start, end, text: text.slice(from.start, from.end) }]
  })
  let slotIndex = -1
  for (const name of names) {
    if (known.has(name)) {
      slotIndex += list.filter((item) => item.name === name).length
      continue
    }
    const slot = list[slots[Math.max(0, slotIndex)]!]!
    changes.push(addItem(layout, { name, slot, isBefore: slotIndex < 0 }))
  }
  return changes
}

function addItem(
  layout: MapLayout,
  { name, slot, isBefore }: { name: string; slot: Item; isBefore: boolean },
): Change {
  const { text } = layout
  const written = writeName(name, layout)
  const { start, end, dash, isFlow } = slot
  if (isFlow) {
    return isBefore
      ? { start, end: start, text: `${written}, ` }
      : { start: end, end, text: `,${gapOf(text, start)}${written}` }
  }
  const margin = ' '.repeat(columnOf(text, dash))
  if (isBefore) return { start: dash, end: dash, text: `- ${written}\n${margin}` }
  const at = lineEnd(text, end)
  return { start: at, end: at, text: `\n${margin}- ${written}` }
}

function gapOf(text: string, start: number): string {
  const before = text.slice(lineStart(text, start), start)
  return before.trim() === '' && lineStart(text, start) > 0 ? `\n${before}` : ' '
}

/** Replaces all entries of a list with dashes. */
function rewriteBlock(
  layout: MapLayout,
  { pair, list, names }: { pair: TextPair; list: readonly Item[]; names: readonly string[] },
): Change[] {
  const { text } = layout
  const first = list[0]!
  const end = list.at(-1)!.end
  if (names.length > 0) {
    const margin = ' '.repeat(columnOf(text, first.dash))
    const lines = names.map((name) => `- ${writeName(name, layout)}`)
    return [{ start: first.dash, end, text: lines.join(`\n${margin}`) }]
  }
  const colon = text.indexOf(':', offsets(pair.key)![1]) + 1
  const start = lineStart(text, first.dash)
  const last = lineEnd(text, end)
  return [
    { start: colon, end: colon, text: ' []' },
    { start, end: last + breakAt(text, last).length, text: '' },
  ]
}

function flowList(names: readonly string[], layout: MapLayout): string {
  return `[${names.map((name) => writeName(name, layout)).join(', ')}]`
}

/** Writes a name as an entry of a list, in quotes where YAML needs them. */
function writeName(name: string, { isJson }: MapLayout): string {
  const quoted = JSON.stringify(name)
  if (isJson) return quoted
  const document = parseYaml(`[${name}, z]`)
  const value: unknown = document.errors.length === 0 ? document.toJS() : undefined
  const isPlain = Array.isArray(value) && value.length === 2 && value[0] === name
  return isPlain && !name.includes('\n') ? name : quoted
}

/** Returns the name of a style in a list. */
export function nameOfStyle(entry: unknown): string {
  return isScalar(entry) ? String(entry.value) : ''
}

/** Returns the name of an output in a list, as pages show it. */
export function nameOfOutput(entry: unknown): string {
  if (isScalar(entry)) return String(entry.value)
  if (!isMap(entry)) return ''
  return nameOfRule(entry.toJSON() as OutputRuleFile)
}
