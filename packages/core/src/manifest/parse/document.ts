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
 * What Limn needs of a YAML document in addition to its value: the place of each part, and mistakes
 * that the library does not report.
 */

/**
 * Returns the offsets at which to show a syntax error: for a quote or bracket that is not closed
 * where it opens, and otherwise without the indentation in front.
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

/** Counts the aliases of a document, and finds their values and those that can't be resolved. */
export function checkAliases(document: Document): {
  count: number
  targetByAlias: ReadonlyMap<unknown, Node>
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
    targetByAlias,
    unresolved,
    endless,
    wrongMerges: merges.filter(({ value }) => !isMergeable(targetOf(value))),
  }
}

/** Finds keys that appear twice in one map, with the offset of the first. */
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

/** Finds every key of a name. */
export function findKeys(document: Document, name: string): Scalar[] {
  const found: Scalar[] = []
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && key.value === name) found.push(key)
    },
  })
  return found
}

/**
 * Creates a function that returns the start and end offsets of what a path leads to, or of its
 * nearest written parent.
 */
export function createRangeFinder(
  document: Document,
): (path: Path, part: 'key' | 'value') => [number, number] {
  const pairsByMap = new Map<YAMLMap, Map<string, Pair>>()
  const pairOf = (map: YAMLMap, key: string): Pair | undefined => {
    let pairs = pairsByMap.get(map)
    if (pairs === undefined) pairsByMap.set(map, (pairs = pairsByKey(map)))
    return pairs.get(key)
  }
  return (path, part) => {
    let node: unknown = document.contents
    let range: [number, number] = [0, 1]
    for (const [index, step] of path.entries()) {
      if (isAlias(node)) node = node.resolve(document)
      if (isMap(node)) {
        const pair = pairOf(node, String(step))
        if (pair === undefined) return range
        const isTarget = index === path.length - 1 && part === 'value' && isShort(pair.value)
        range = (isTarget ? offsets(pair.value) : undefined) ?? offsets(pair.key) ?? range
        node = pair.value
      } else if (isSeq(node)) {
        const item = node.items[Number(step)]
        range = offsets(isPair(item) ? item.key : item) ?? range
        node = item
      } else return range
    }
    return range
  }
}

/** Returns the pairs of a map by key; for a key that appears twice, its first pair. */
function pairsByKey(map: YAMLMap): Map<string, Pair> {
  const pairs = new Map<string, Pair>()
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : undefined
    if (key !== undefined && !pairs.has(key)) pairs.set(key, pair)
  }
  return pairs
}

/** Whether to point at a value itself: for maps and lists the key is clearer. */
function isShort(value: unknown): boolean {
  return isScalar(value) || isAlias(value)
}

/** Returns the start and end offsets of a node, without what follows it. */
export function offsets(node: unknown): [number, number] | undefined {
  return isNode(node) ? offsetsOf((node as Node).range) : undefined
}

/** Returns the start and end offsets of a range. */
export function offsetsOf(range: Node['range']): [number, number] | undefined {
  return range === undefined || range === null ? undefined : [range[0], range[1]]
}

/** Brackets within brackets that no manifest exceeds. */
const MAX_DEPTH = 1000

/**
 * Finds where brackets, or dashes in one line, are nested deeper than in any manifest: the time to
 * parse them grows with the square of the depth.
 *
 * @returns the offset, or `undefined` if nothing is nested so deeply
 */
export function findTooDeep(text: string): number | undefined {
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    // [ and {
    if (code === 0x5b || code === 0x7b) depth++
    else if ((code === 0x5d || code === 0x7d) && depth > 0) depth--
    if (depth > MAX_DEPTH) return index
  }
  return /^[ \t]*(?:[-?][ \t]+){100}/m.exec(text)?.index
}
