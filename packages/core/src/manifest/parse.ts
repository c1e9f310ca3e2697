import { type Alias, type Document, isAlias, isMap, isNode, isPair, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type Scalar, visit } from 'yaml'
import type { z } from 'zod'
import { codeFrame, type Diagnostic, type Place } from '../diagnostic.ts'
import { suggest } from '../suggest.ts'
import { explainIssue } from './explain.ts'
import { mendFullWidth } from './full-width.ts'
import { includedSchema, type ManifestFile, manifestSchema } from './schema.ts'
import { explainSyntax, sentence } from './syntax.ts'

/** The keys that lead to a part of a manifest. With a number in front: to a part of the included file of that number. */
export type Path = readonly (string | number)[]

/** A manifest's text, its value, and where each part of it stands. */
export type ParsedManifest = {
  /** What could be understood: without the parts that `diagnostics` tell of. `undefined` where nothing could. */
  file: ManifestFile | undefined
  diagnostics: Diagnostic[]
  /** The place of a key (`key`) or of its value; the nearest parent's where it is not written. */
  placeOf: (path: Path, part?: 'key' | 'value') => Place
  /** The lines of the text around a place. */
  frameOf: (place: Place) => string
}

/** Aliases that are expanded at most, so that a few lines can't become gigabytes. */
const MAX_ALIASES = 1000

/**
 * Reads a manifest: YAML, then its shape. All mistakes are told at once.
 * `file` is the path that diagnostics name. A file that another one includes says less: see `includedSchema`.
 */
export function parseManifest(text: string, file: string, role: 'root' | 'included' = 'root'): ParsedManifest {
  const schema = role === 'root' ? manifestSchema : includedSchema
  const lines = new LineCounter()
  const written = parseYaml(text, lines)
  const mended = mendFullWidth(text, written, parseYaml)
  const document = mended === undefined ? written : parseYaml(mended.text)
  const originalOf = mended?.toOriginal ?? ((offset: number) => offset)
  const placeAt = (from: number, to: number): Place => {
    const [start, end] = [originalOf(from), originalOf(to)]
    const { line, col } = lines.linePos(start)
    return { file, line: Math.max(1, line), column: Math.max(1, col), length: Math.max(1, Math.min(end - start, 200)) }
  }
  const placeOf = (path: Path, part: 'key' | 'value' = 'value'): Place => placeAt(...rangeOf(document, path, part))
  const frameOf = (place: Place): string => codeFrame(text, place)
  const diagnostics: Diagnostic[] = []
  const report = (code: string, place: Place, message: string, hint?: string): void => {
    const diagnostic: Diagnostic = { code: `manifest/${code}`, severity: 'error', message, place, frame: frameOf(place) }
    diagnostics.push(hint === undefined ? diagnostic : { ...diagnostic, hint })
  }

  for (const { start, end, message, hint } of mended?.found ?? []) {
    const { line, col } = lines.linePos(start)
    report('full-width', { file, line, column: col, length: end - start }, message, hint)
  }
  for (const error of withoutRepeats(document.errors)) {
    const { message, hint } = explainSyntax(error)
    report('syntax', placeAt(...error.pos), message, hint)
  }
  if (document.errors.length > 0) return { file: undefined, diagnostics, placeOf, frameOf }

  for (const { key, first } of findDuplicateKeys(document)) {
    const [start, end] = key.range ?? [0, 1]
    report('duplicate-key', placeAt(start, end), `"${String(key.value)}" is written twice.`, `Keep one of them; the other is on line ${lines.linePos(originalOf(first)).line}.`)
  }
  const unresolved = findUnresolvedAliases(document)
  for (const { source, range } of unresolved) {
    report('alias', placeAt(...(offsetsOf(range) ?? [0, 1])), `*${source} names an anchor that does not stand before it.`, `Write &${source} at the value it stands for, or quotes around the text.`)
  }
  if (unresolved.length > 0) return { file: undefined, diagnostics, placeOf, frameOf }
  const value = withAssets(toValue(document))
  if (value instanceof Error) {
    report('alias', placeAt(0, 1), sentence(value.message), `Use at most ${MAX_ALIASES} aliases, those within aliases counted too.`)
    return { file: undefined, diagnostics, placeOf, frameOf }
  }
  if (value === null || value === undefined) {
    report('empty', placeAt(0, 1), 'The manifest is empty.', 'Write `version: 1` and an asset below `assets:`, or run `limn init` in an empty folder.')
    return { file: undefined, diagnostics, placeOf, frameOf }
  }
  const understood = check(schema, value, (issues) => {
    const explanations = issues.flatMap((issue) => explainIssue(issue, value))
    // A key that is only misspelt is not missing as well.
    const misspelt = new Set(explanations.flatMap(({ path, meant }) => (meant === undefined ? [] : [JSON.stringify([...path.slice(0, -1), meant])])))
    for (const { code, path, part, message, hint } of explanations) {
      if (code !== 'missing' || !misspelt.has(JSON.stringify(path))) report(code, placeOf(path, part), message, hint)
    }
  })
  // The schema leaves `__proto__` out of its records without a word.
  for (const { range } of findKeys(document, '__proto__')) {
    const place = placeAt(...(offsetsOf(range) ?? [0, 1]))
    const isTold = diagnostics.some((told) => told.place.line === place.line && told.place.column === place.column)
    if (!isTold) report('name', place, '"__proto__" is a reserved name.', 'Choose another: JavaScript keeps it for itself.')
  }
  return { file: understood, diagnostics, placeOf, frameOf }
}

function parseYaml(text: string, lineCounter?: LineCounter): Document {
  // The library's own check for double keys is quadratic; `findDuplicateKeys` is not.
  return parseDocument(text, { ...(lineCounter === undefined ? {} : { lineCounter }), uniqueKeys: false, stringKeys: true, merge: true, prettyErrors: false })
}

/** Syntax errors without those that only follow: a second one at the same place, and tabs after the first. */
function withoutRepeats(errors: Document['errors']): Document['errors'] {
  const told = new Set<unknown>()
  return errors.filter(({ code, pos: [start] }) => {
    const keys = code === 'TAB_AS_INDENT' ? [start, code] : [start]
    const isTold = keys.some((key) => told.has(key))
    for (const key of keys) told.add(key)
    return !isTold
  })
}

type Issues = z.core.$ZodIssue[]

/**
 * Holds a value against the schema. Where parts of it are wrong they are told to
 * `onIssues` and left out, so that the rest can still be checked by the rules.
 */
function check(schema: z.ZodType<ManifestFile>, value: unknown, onIssues: (issues: Issues) => void): ManifestFile | undefined {
  let result = schema.safeParse(value)
  if (result.success) return result.data
  onIssues(result.error.issues)
  const rest: unknown = structuredClone(value)
  if (typeof rest !== 'object' || rest === null || Array.isArray(rest)) return undefined
  Object.assign(rest, { version: 1 })
  for (let round = 0; round < 4; round++) {
    result = schema.safeParse(rest)
    if (result.success) return result.data
    for (const issue of result.error.issues) leaveOut(rest, issue)
  }
  return undefined
}

/**
 * Keys of an asset whose absence is told too: in place of a wrong or misspelt one stands
 * something, so that it isn't called missing as well.
 */
const toldOnce: readonly string[] = ['prompt', 'alt']

/** Takes out of a value what an issue speaks of; a thing without a part that it needs goes whole. */
function leaveOut(root: object, issue: Issues[number]): void {
  const parents: Record<PropertyKey, unknown>[] = [root as Record<PropertyKey, unknown>]
  for (const step of issue.path) {
    const next = parents.at(-1)![step]
    if (typeof next !== 'object' || next === null) break
    parents.push(next as Record<PropertyKey, unknown>)
  }
  const isOfAsset = issue.path[0] === 'assets' && issue.path.length === (issue.code === 'unrecognized_keys' ? 2 : 3)
  if (issue.code === 'unrecognized_keys') {
    const owner = parents.at(-1)!
    for (const key of issue.keys) {
      delete owner[key]
      const meant = isOfAsset ? suggest(key, toldOnce) : undefined
      if (meant !== undefined) owner[meant] ??= '?'
    }
    return
  }
  if (isOfAsset && toldOnce.includes(String(issue.path[2]))) {
    parents.at(-1)![issue.path[2]!] = '?'
    return
  }
  const isMissing = parents.length === issue.path.length && !Object.hasOwn(parents.at(-1)!, issue.path.at(-1)!)
  const depth = Math.min(parents.length, issue.path.length) - (isMissing && issue.path.length > 1 ? 2 : 1)
  const owner = parents[depth] ?? root
  const key = issue.path[depth]
  if (key === undefined) return
  if (isMissing && issue.path.length === 1) (owner as Record<PropertyKey, unknown>)[key] = {}
  else if (Array.isArray(owner)) owner.splice(Number(key), 1)
  else delete (owner as Record<PropertyKey, unknown>)[key]
}

/** A manifest that includes others needs no assets of its own. */
function withAssets(value: unknown): unknown {
  const isPlain = typeof value === 'object' && value !== null && !(value instanceof Error)
  return isPlain && 'include' in value && !('assets' in value) ? { ...value, assets: {} } : value
}

function toValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** Keys that stand twice in one map, with the offset of the first. */
function findDuplicateKeys(document: Document): { key: Scalar; first: number }[] {
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

function findUnresolvedAliases(document: Document): Alias[] {
  const found: Alias[] = []
  const anchors = new Set<string>()
  visit(document, {
    Node(_, node) {
      if (isAlias(node)) {
        if (!anchors.has(node.source)) found.push(node)
      } else if (node.anchor !== undefined) anchors.add(node.anchor)
    },
  })
  return found
}

function findKeys(document: Document, name: string): Scalar[] {
  const found: Scalar[] = []
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && key.value === name) found.push(key)
    },
  })
  return found
}

/** Start and end offsets of what a path leads to, or of its nearest written parent. */
function rangeOf(document: Document, path: Path, part: 'key' | 'value'): [number, number] {
  let node: unknown = document.contents
  let range: [number, number] = [0, 1]
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document)
    const last = index === path.length - 1
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step))
      if (pair === undefined) return range
      const keyRange = offsets(pair.key)
      const valueRange = offsets(pair.value)
      range = (last && part === 'value' && isShort(pair.value) ? valueRange : keyRange) ?? keyRange ?? range
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

function offsets(node: unknown): [number, number] | undefined {
  return isNode(node) ? offsetsOf((node as Node).range) : undefined
}

function offsetsOf(range: Node['range']): [number, number] | undefined {
  return range === undefined || range === null ? undefined : [range[0], range[1]]
}
