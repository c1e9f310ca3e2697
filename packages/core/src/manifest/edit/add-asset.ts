import { type Document, isMap, isScalar, type YAMLMap } from 'yaml'
import { canonicalJson } from '../../digest.ts'
import { LimnError } from '../../errors.ts'
import { offsets } from '../parse/document.ts'
import { parseYaml, type ParsedText, valueOfYaml } from '../parse/parse-yaml.ts'
import { formatText } from './format-text.ts'
import { columnOf, endOfPair, findPair, layoutOf, restOfLine, type TextPair } from './map-layout.ts'
import type { NewValue } from './set-key.ts'
import { lineEnd } from './text-changes.ts'

/** A new entry of `assets`. What is absent keeps its default. */
export type NewAsset = {
  prompt: string
  alt: string
  styles?: readonly string[] | undefined
  outputs?: readonly string[] | undefined
}

/** An entry of `assets` to add: its key, and its fields in the order in which they are written. */
export type NewEntry = { key: string; fields: readonly (readonly [name: string, NewValue])[] }

/**
 * Adds an entry to the end of `assets` in a manifest's text. Everything else stays byte for byte.
 *
 * @throws LimnError `manifest/not-editable` if `assets` is not written as a block, or the text is
 *   not valid YAML
 */
export function addAsset(text: string, key: string, asset: NewAsset): string {
  return addEntries(text, [{ key, fields: fieldsOf(asset) }])
}

/** Adds entries to the end of `assets`, as `addAsset` does. */
export function addEntries(text: string, entries: readonly NewEntry[]): string {
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n'
  const own = text.slice(bom.length)
  const document = parseYaml(own)
  if (document.errors.length > 0) throw hasMistakes()
  const before = requireValue(document)
  const { at, until, column, step, isSpaced, head } = findEnd({ text: own, document })
  const gap = isSpaced ? '\n\n' : '\n'
  const lines = entries.map((entry) => `${gap}${formatEntry(entry, { column, step })}`).join('')
  const added = `${own.slice(0, at)}${`${head}${lines}`.replaceAll('\n', eol)}${own.slice(until)}`
  requireOnlyAddition({ before, after: added, keys: entries.map(({ key }) => key) })
  return `${bom}${added}`
}

/** @throws LimnError `manifest/not-editable` if the aliases of a document have no end, or no value */
function requireValue(document: Document): unknown {
  try {
    return valueOfYaml(document)
  } catch {
    throw hasMistakes()
  }
}

function hasMistakes(): LimnError {
  return notEditable('The manifest has mistakes.', 'Fix them first: `limn plan` lists them.')
}

/** Where new entries are added, what they replace, and how they are indented. */
type EntryEnd = {
  at: number
  until: number
  column: number
  step: number
  isSpaced: boolean
  /** What is written before the first of them. */
  head: string
}

function findEnd(parsed: ParsedText): EntryEnd {
  const { text, document } = parsed
  const root = document.contents
  if (!isMap(root) || root.flow === true) throw notBlock()
  const pair = findPair(root, 'assets')
  if (pair === undefined) return newMap(parsed, root)
  const parent = columnOf(text, offsets(pair.key)![0])
  const assets = pair.value
  if (!isMap(assets)) {
    if (assets !== null && !(isScalar(assets) && assets.value === null)) throw notBlock()
    const at = lineEnd(text, offsets(pair.key)![1])
    return { at, until: at, column: parent + 2, step: 2, isSpaced: false, head: '' }
  }
  const last = assets.items.at(-1)
  if (last === undefined && assets.flow === true) {
    // `{}`: the entries replace the braces; a comment after them stays.
    const [start, end] = offsets(assets)!
    if (text.slice(start, end) !== '{}') throw notBlock()
    const rest = restOfLine(text, end)
    const at = start - (/[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0)
    return {
      at,
      until: end + rest.length,
      column: parent + 2,
      step: 2,
      isSpaced: false,
      head: rest.trimEnd(),
    }
  }
  if (assets.flow === true || last === undefined) throw notBlock()
  const { column, step } = layoutOf(parsed, assets, parent)
  const at = lineEnd(text, endOfPair(text, last))
  const spaced = isSpaced(text, assets.items as TextPair[])
  return { at, until: at, column, step, isSpaced: spaced, head: '' }
}

/** A manifest without `assets`: they follow its last key. */
function newMap({ text }: ParsedText, root: YAMLMap): EntryEnd {
  const last = root.items.at(-1)
  if (last === undefined) throw notBlock()
  const column = columnOf(text, offsets(root.items[0]!.key)![0])
  const at = lineEnd(text, endOfPair(text, last))
  const head = `\n\n${' '.repeat(column)}assets:`
  return { at, until: at, column: column + 2, step: 2, isSpaced: false, head }
}

/** Whether there is an empty line between the first two entries. */
function isSpaced(text: string, [first, second]: readonly TextPair[]): boolean {
  if (first === undefined || second === undefined) return false
  const between = text.slice(endOfPair(text, first), offsets(second.key)![0])
  return /\n[ \t]*\r?\n/.test(between)
}

function fieldsOf({ prompt, alt, styles = [], outputs = [] }: NewAsset): NewEntry['fields'] {
  const list = (name: string, items: readonly string[]): [string, NewValue][] => {
    if (items.length === 0) return []
    const place = { key: name, column: 0, step: 2, isFlow: true, isJson: false, old: undefined }
    return [[name, { flow: `[${items.map((item) => formatText(item, place)).join(', ')}]` }]]
  }
  return [['prompt', prompt], ...list('style', styles), ['alt', alt], ...list('outputs', outputs)]
}

function formatEntry(
  { key, fields }: NewEntry,
  { column, step }: Pick<EntryEnd, 'column' | 'step'>,
): string {
  const inner = column + step
  const lines = fields.map(([name, value]) => {
    const place = { key: name, column: inner, step, isFlow: false, isJson: false, old: undefined }
    const written = typeof value === 'string' ? formatText(value, place) : value.flow
    return `${' '.repeat(inner)}${name}: ${written}`
  })
  const shown = /^[A-Za-z_][\w/-]*$/.test(key) ? key : JSON.stringify(key)
  return [`${' '.repeat(column)}${shown}:`, ...lines].join('\n')
}

/** Checks that only the new entries differ. */
function requireOnlyAddition(texts: {
  before: unknown
  after: string
  keys: readonly string[]
}): void {
  const after = parseYaml(texts.after)
  if (after.errors.length > 0) throw notBlock()
  const old = texts.before as { assets?: Record<string, object> | null }
  const now = requireValue(after) as { assets: Record<string, object> }
  const added = new Set(texts.keys)
  const rest = Object.fromEntries(Object.entries(now.assets).filter(([key]) => !added.has(key)))
  const isSame =
    texts.keys.every((key) => Object.hasOwn(now.assets, key)) &&
    canonicalJson({ ...now, assets: rest }) === canonicalJson({ ...old, assets: old.assets ?? {} })
  if (!isSame) throw notBlock()
}

function notBlock(): LimnError {
  return notEditable(
    "`assets` is written in a way that Limn can't add to.",
    'Add the asset to the manifest by hand.',
  )
}

function notEditable(message: string, hint: string): LimnError {
  return new LimnError('manifest/not-editable', message, { hint })
}
