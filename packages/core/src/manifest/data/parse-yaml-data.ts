import { isAlias, isMap, isPair, isScalar, isSeq, type Node, type Scalar } from 'yaml'
import { checkAliases, findTooDeep, offsets, offsetsOf, placeOfError } from '../parse/document.ts'
import { explainSyntax } from '../parse/explain-syntax.ts'
import { parseYaml } from '../parse/parse-yaml.ts'
import {
  type DataEntry,
  type DataNode,
  type DataParts,
  DataSyntaxError,
  MAX_DATA_DEPTH,
  type Range,
} from './data-node.ts'
import { parsePlainData } from './parse-plain-data.ts'

/** Values that aliases can repeat. */
const MAX_REPEATED = 100_000

type Conversion = {
  /** Offset of the YAML in the file. */
  offset: number
  resolve: (node: unknown) => unknown
  /** Aliases around the value that is read. */
  aliases: number
  /** Values that aliases can still repeat. */
  left: number
}

/**
 * Parses YAML, with the place of each part. Scalars without quotes stay as they are written.
 *
 * @param offset where the text is in its file
 * @returns `undefined` for an empty text
 * @throws DataSyntaxError
 */
export function parseYamlData(text: string, offset = 0): DataNode | undefined {
  return parsePlainData(text, offset) ?? parseAny(text, offset)
}

function parseAny(text: string, offset: number): DataNode | undefined {
  const tooDeep = findTooDeep(text)
  if (tooDeep !== undefined) throw deepMistake([offset + tooDeep, offset + tooDeep + 1])
  const document = parseYaml(text)
  const [error] = document.errors
  if (error !== undefined) {
    const [from, to] = placeOfError(document, error, text)
    const { message, hint } = explainSyntax(error)
    throw new DataSyntaxError([offset + from, offset + to], message, hint)
  }
  const { unresolved, endless, targetByAlias } = checkAliases(document)
  const [alias] = [...unresolved, ...endless]
  if (alias !== undefined) {
    const [from, to] = offsetsOf(alias.range) ?? [0, 1]
    throw new DataSyntaxError(
      [offset + from, offset + to],
      `*${alias.source} does not refer to a value before it.`,
      'Write the value out, or put quotes around text that begins with *.',
    )
  }
  if (document.contents === null) return undefined
  const resolve = (node: unknown): unknown => (isAlias(node) ? targetByAlias.get(node) : node)
  return toNode(document.contents, { offset, resolve, aliases: 0, left: MAX_REPEATED }, 0)
}

function deepMistake(range: Range): DataSyntaxError {
  return new DataSyntaxError(
    range,
    'Maps and lists are nested too deeply.',
    'Flatten them: a row needs one level.',
  )
}

function toNode(written: unknown, conversion: Conversion, depth: number): DataNode {
  const range = rangeOf(written, conversion)
  if (depth > MAX_DATA_DEPTH) throw deepMistake(range)
  if (conversion.aliases > 0 && conversion.left-- <= 0) {
    throw new DataSyntaxError(
      range,
      'The aliases (*name) of the file repeat too many values.',
      'Write the values out.',
    )
  }
  const aliases = isAlias(written) ? 1 : 0
  conversion.aliases += aliases
  const node = { ...partsOf(conversion.resolve(written), conversion, depth), range }
  conversion.aliases -= aliases
  return node
}

function partsOf(node: unknown, conversion: Conversion, depth: number): DataParts {
  if (isMap(node)) return { kind: 'map', entries: entriesOf(node.items, conversion, depth) }
  if (isSeq(node)) {
    const items = node.items.map((item) =>
      toNode(isPair(item) ? item.value : item, conversion, depth + 1),
    )
    return { kind: 'list', items }
  }
  return { kind: 'scalar', text: isScalar(node) ? textOf(node) : '' }
}

/** Returns the entries of a map, then those of the maps that it merges with `<<`. */
function entriesOf(
  pairs: readonly { key: unknown; value: unknown }[],
  conversion: Conversion,
  depth: number,
): DataEntry[] {
  const own: DataEntry[] = []
  const merged: DataEntry[] = []
  for (const { key, value } of pairs) {
    if (isMerge(key)) {
      merged.push(...mergedEntries(toNode(value, conversion, depth + 1)))
      continue
    }
    const name = isScalar(key) ? textOf(key) : ''
    own.push({
      key: name,
      range: rangeOf(key, conversion),
      value: toNode(value, conversion, depth + 1),
    })
  }
  if (merged.length === 0) return own
  const known = new Set(own.map(({ key }) => key))
  return [...own, ...merged.filter(({ key }) => known.size !== known.add(key).size)]
}

function isMerge(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN'
}

function mergedEntries(node: DataNode): DataEntry[] {
  if (node.kind === 'map') return node.entries
  if (node.kind === 'list') return node.items.flatMap(mergedEntries)
  throw new DataSyntaxError(
    node.range,
    '`<<` merges maps, but this value is not a map.',
    'Write the alias of a map, for example `<<: *base`.',
  )
}

/** Returns a scalar as it is written, without quotes; nothing for null. */
function textOf({ value, source, type }: Scalar): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'string' || type !== 'PLAIN' ? String(value) : (source ?? value)
  return String(text).normalize('NFC')
}

function rangeOf(node: unknown, { offset }: Conversion): Range {
  const [from, to] = offsets(node as Node) ?? [0, 1]
  return [offset + from, offset + to]
}
