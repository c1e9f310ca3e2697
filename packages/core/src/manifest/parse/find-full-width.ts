import { type Document, isPair, isScalar, isSeq, type Scalar, visit } from 'yaml'
import {
  FREE_TEXT,
  FULL_WIDTH,
  closingByOpening,
  colonEdit,
  commaEdit,
  type Finding,
  MAX_FINDINGS,
  pairEdits,
  spaceEdits,
} from './full-width.ts'
import { guessFullWidth } from './guess-full-width.ts'

/** Finds full-width punctuation in the nodes of a text without syntax errors. */
export function findFullWidth(text: string, document: Document): Finding[] {
  const found: Finding[] = []
  visit(document, {
    Scalar(role, node, path) {
      if (node.type !== 'PLAIN' || !node.range) return undefined
      const [start, end] = node.range
      const source = text.slice(start, end)
      if (!FULL_WIDTH.test(source)) return undefined
      const keys = path
        .filter((parent) => isPair(parent))
        .map(({ key }) => (isScalar(key) ? String(key.value) : ''))
      if (found.length > MAX_FINDINGS) return visit.BREAK
      found.push(
        ...(role === 'key'
          ? findInKey(text, node, source)
          : findInValue({ text, node, source, keys, parent: path.at(-1) })),
      )
      return undefined
    },
  })
  return found
}

function findInKey(text: string, { range }: Scalar, source: string): Finding[] {
  const [start] = range!
  const found: Finding[] = []
  const space = /^[\u3000\u00A0][ \u3000\u00A0]*/.exec(source)?.[0]
  if (space !== undefined) found.push({ kind: 'space', edits: spaceEdits(space, start) })
  const colon = source.indexOf('：')
  if (colon >= 0) found.push({ kind: 'colon', edits: [colonEdit(text, start + colon)] })
  const pair = closingByOpening[source[0]!] === source.at(-1) ? pairEdits(text, start) : undefined
  return pair === undefined ? found : [...found, pair]
}

type ValueContext = {
  text: string
  node: Scalar
  source: string
  keys: readonly string[]
  parent: unknown
}

function findInValue({ text, node, source, keys, parent }: ValueContext): Finding[] {
  const start = node.range![0]
  const isFree = keys.some((key) => FREE_TEXT.has(key))
  if (holdsMap(keys)) {
    const colons = guessFullWidth(source).filter(({ kind }) => kind === 'colon')
    if (colons.length > 0) {
      return colons.map(({ kind, edits }) => ({
        kind,
        edits: edits.map((edit) => ({ ...edit, offset: edit.offset + start })),
      }))
    }
  }
  const pair = pairEdits(text, start)
  if (pair !== undefined) {
    // Quotes around free text may belong to it, but not those that a comma split.
    const isSplit = pair.edits[1]!.offset >= start + source.length
    return isFree && !isSplit ? [] : [pair]
  }
  const isInFlowList = isSeq(parent) && parent.flow === true
  const isInRule = isPair(parent) && !isFree
  if (!isInFlowList && !isInRule) return []
  const commas = [...source.matchAll(isFree ? /，/g : /[，、]/g)].slice(0, MAX_FINDINGS)
  return commas.length === 0
    ? []
    : [{ kind: 'comma', edits: commas.map(({ index }) => commaEdit(text, start + index)) }]
}

/** Whether the value of these keys is a map: the manifest, its groups, and their entries. */
function holdsMap(keys: readonly string[]): boolean {
  const [group] = keys
  return keys.length === 0 || ['assets', 'styles', 'presets', 'profiles'].includes(group!)
    ? keys.length < 3
    : group === 'defaults' && keys.length === 1
}
