import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml'
import type { Path } from './path.ts'

/*
 * What is to be known of a YAML document beside its value: where things stand, and what
 * the library lets pass.
 */

/**
 * Where a syntax error is best shown: what never closes where it opens, and no indentation in
 * front.
 */
export function placeOfError(
  document: Document,
  { code, message, pos: [start, end] }: Document['errors'][number],
  text: string,
): [number, number] {
  const isQuote = message.startsWith('Missing closing')
  if (isQuote || /must be .*end with/.test(message)) {
    let opening = -1
    visit(document, {
      Node(_, node) {
        const isOpen = isQuote
          ? isScalar(node) && node.type?.startsWith('QUOTE') === true
          : (isMap(node) || isSeq(node)) && node.flow === true
        const [from, to] = offsets(node) ?? [-1, -1]
        if (isOpen && from < start && to >= start - 1) opening = Math.max(opening, from)
      },
    })
    if (opening >= 0) return [opening, opening + 1]
  }
  if (code === 'TAB_AS_INDENT') return [start, end]
  const indent = /^ */.exec(text.slice(start, start + 1000))![0].length
  return [start + indent, Math.max(end, start + indent + 1)]
}

/** What is wrong with the aliases of a document. */
export function checkAliases(document: Document): {
  count: number
  unresolved: Alias[]
  endless: Alias[]
  wrongMerges: Pair[]
} {
  let count = 0
  const [unresolved, endless, merges]: [Alias[], Alias[], Pair[]] = [[], [], []]
  const nodeByAnchor = new Map<string, Node>()
  const targetByAlias = new Map<unknown, Node>()
  visit(document, {
    Pair(_, pair) {
      if (isScalar(pair.key) && pair.key.value === '<<' && pair.key.type === 'PLAIN') {
        merges.push(pair)
      }
    },
    Node(_, node, ancestors) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) nodeByAnchor.set(node.anchor, node)
        return
      }
      count++
      const target = nodeByAnchor.get(node.source)
      if (target === undefined) unresolved.push(node)
      else if (ancestors.includes(target)) endless.push(node)
      else targetByAlias.set(node, target)
    },
  })
  const targetOf = (value: unknown): unknown => (isAlias(value) ? targetByAlias.get(value) : value)
  const isMergeable = (value: unknown): boolean =>
    isMap(value) || (isSeq(value) && value.items.every((item) => isMap(targetOf(item))))
  return {
    count,
    unresolved,
    endless,
    wrongMerges: merges.filter(({ value }) => !isMergeable(targetOf(value))),
  }
}

/** Keys that stand twice in one map, with the offset of the first. */
export function findDuplicateKeys(document: Document): { key: Scalar; first: number }[] {
  const found: { key: Scalar; first: number }[] = []
  visit(document, {
    Map(_, map) {
      const firstByKey = new Map<unknown, number>()
      for (const { key } of map.items) {
        if (!isScalar(key) || key.value === '<<') continue
        const first = firstByKey.get(key.value)
        if (first === undefined) firstByKey.set(key.value, key.range?.[0] ?? 0)
        else found.push({ key, first })
      }
    },
  })
  return found
}

/** Every key of a name, wherever it stands. */
export function findKeys(document: Document, name: string): Scalar[] {
  const found: Scalar[] = []
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && key.value === name) found.push(key)
    },
  })
  return found
}

/** Start and end offsets of what a path leads to, or of its nearest written parent. */
export function rangeOf(document: Document, path: Path, part: 'key' | 'value'): [number, number] {
  let node: unknown = document.contents
  let range: [number, number] = [0, 1]
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document)
    const last = index === path.length - 1
    if (isMap(node)) {
      const pair = pairsOf(node).get(String(step))
      if (pair === undefined) return range
      const keyRange = offsets(pair.key)
      const valueRange = offsets(pair.value)
      range =
        (last && part === 'value' && isShort(pair.value) ? valueRange : keyRange) ??
        keyRange ??
        range
      node = pair.value
    } else if (isSeq(node)) {
      const item = node.items[Number(step)]
      range = offsets(isPair(item) ? item.key : item) ?? range
      node = item
    } else return range
  }
  return range
}

/** Whether a value is worth pointing at itself: for maps and lists the key is clearer. */
function isShort(value: unknown): boolean {
  return isScalar(value) || isAlias(value)
}

/** Start and end offsets of a node, without what follows it. */
export function offsets(node: unknown): [number, number] | undefined {
  return isNode(node) ? offsetsOf((node as Node).range) : undefined
}

export function offsetsOf(range: Node['range']): [number, number] | undefined {
  return range === undefined || range === null ? undefined : [range[0], range[1]]
}

const pairsByMap = new WeakMap<YAMLMap, Map<string, Pair>>()

/** The pairs of a map by their keys, the first of a key that stands twice. */
function pairsOf(map: YAMLMap): Map<string, Pair> {
  const known = pairsByMap.get(map)
  if (known !== undefined) return known
  const pairs = new Map<string, Pair>()
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : undefined
    if (key !== undefined && !pairs.has(key)) pairs.set(key, pair)
  }
  pairsByMap.set(map, pairs)
  return pairs
}

const MOST_LEVELS = 1000

/**
 * Where brackets, or dashes in one line, begin to lie deeper than any manifest's: reading them
 * takes time that grows with the square of the depth.
 *
 * @returns the offset, or `undefined` where nothing lies so deep
 */
export function findTooDeep(text: string): number | undefined {
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    // [ and {
    if (code === 0x5b || code === 0x7b) depth++
    else if ((code === 0x5d || code === 0x7d) && depth > 0) depth--
    if (depth > MOST_LEVELS) return index
  }
  return /^[ \t]*(?:[-?][ \t]+){100}/m.exec(text)?.index
}
