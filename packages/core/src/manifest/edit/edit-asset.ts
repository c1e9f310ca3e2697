import { type Document, isAlias, isMap, isScalar, type Node, visit, type YAMLMap } from 'yaml'
import { canonicalJson } from '../../digest.ts'
import { LimnError } from '../../errors.ts'
import { offsets } from '../parse/document.ts'
import { parseYaml, type ParsedText, valueOfYaml } from '../parse/parse-yaml.ts'
import type { FocalPoint } from '../presets.ts'
import { type EntryPlace, isolateEntry, wholeText } from './isolate-entry.ts'
import { columnOf, findPair, layoutOf, type MapLayout, type TextPair } from './map-layout.ts'
import { removeKey, setKey } from './set-key.ts'
import { nameOfOutput, nameOfStyle, setList } from './set-list.ts'
import { applyChanges, type Change } from './text-changes.ts'

/** A change of an entry of `assets`. What is absent stays. */
export type AssetEdit = {
  prompt?: string | undefined
  /** Names of styles; an empty list removes `style`. */
  styles?: readonly string[] | undefined
  alt?: string | undefined
  /**
   * Whether the judge suggested `alt`. Default: nothing changes, but a new `alt` is one that a
   * person wrote.
   */
  altSuggested?: boolean | undefined
  model?: string | undefined
  quality?: string | undefined
  /** Names of outputs: entries that stay keep their settings. */
  outputs?: readonly string[] | undefined
  focus?: FocalPoint | undefined
  /** The mask of its `edit`, relative to the file that names it. */
  mask?: string | undefined
}

/**
 * Changes an entry of `assets` in a manifest's text. Everything else stays byte for byte: comments,
 * order, spacing, line endings, and what the entry takes over from others.
 *
 * @param place the entry. With its line, a large manifest is edited faster
 * @throws LimnError `manifest/not-editable` if the text has no place of its own for the change, or
 *   is not valid YAML
 */
export function editAsset(text: string, { key, line }: EntryPlace, edit: AssetEdit): string {
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n'
  let edited = text.slice(bom.length)
  for (const field of fields) {
    if (!isEdited(field, edit, edited)) continue
    const { before, part, after } = isolateEntry(edited, { key, line }) ?? wholeText(edited)
    const changes = changesOf(findEntry(part, key), field, edit)
    const written = changes.map((change) => ({
      ...change,
      text: change.text.replaceAll('\n', eol),
    }))
    const changed = applyChanges(part.text, written)
    requireOnlyChange(part, changed, { key, field })
    edited = `${before}${changed.slice(part.from, changed.length - part.rest)}${after}`
  }
  return `${bom}${edited}`
}

/** Whether an edit changes a field. A new `alt` of a person is no suggestion any more. */
function isEdited(field: Field, edit: AssetEdit, text: string): boolean {
  if (edit[field] !== undefined) return true
  return field === 'altSuggested' && edit.alt !== undefined && text.includes('altSuggested')
}

/** The fields of an edit, in the order in which they are written. */
const fields = [
  'prompt',
  'styles',
  'model',
  'quality',
  'mask',
  'alt',
  'altSuggested',
  'focus',
  'outputs',
] as const satisfies readonly (keyof AssetEdit)[]
type Field = (typeof fields)[number]

/** The key of the manifest that a field is written to. */
const keyByField = {
  prompt: 'prompt',
  styles: 'style',
  model: 'model',
  quality: 'quality',
  mask: 'edit',
  alt: 'alt',
  altSuggested: 'altSuggested',
  focus: 'position',
  outputs: 'outputs',
} as const satisfies Record<Field, string>

function changesOf(entry: MapLayout, field: Field, edit: AssetEdit): Change[] {
  switch (field) {
    case 'styles':
      return edit.styles!.length === 0
        ? removeKey(entry, 'style')
        : setList(entry, 'style', edit.styles!, nameOfStyle)
    case 'altSuggested':
      return edit.altSuggested === true
        ? setKey(entry, 'altSuggested', { flow: 'true' })
        : removeKey(entry, 'altSuggested')
    case 'outputs':
      return setList(entry, 'outputs', edit.outputs!, nameOfOutput)
    case 'focus':
      return setFocus(entry, edit.focus!)
    case 'mask':
      return setKey(findMap(entry, 'edit'), 'mask', edit.mask!)
    default:
      return setKey(entry, keyByField[field], edit[field]!)
  }
}

/** Sets the focal point; numbers that are there are replaced one by one. */
function setFocus(entry: MapLayout, { x, y }: FocalPoint): Change[] {
  const pair = findPair(entry.map, 'position')
  const numbers = { x: String(roundShare(x)), y: String(roundShare(y)) }
  if (isMap(pair?.value) && pair.value.anchor === undefined) {
    const inner = layoutOf(entry, pair.value, entry.column)
    const both = [findPair(inner.map, 'x'), findPair(inner.map, 'y')]
    if (both.every((each) => isScalar(each?.value))) {
      return [
        ...setKey(inner, 'x', { flow: numbers.x }),
        ...setKey(inner, 'y', { flow: numbers.y }),
      ]
    }
  }
  const quote = entry.isJson ? '"' : ''
  const written = `{ ${quote}x${quote}: ${numbers.x}, ${quote}y${quote}: ${numbers.y} }`
  return setKey(entry, 'position', { flow: written })
}

/** Rounds a share of a picture's width or height to what a person can point at. */
function roundShare(share: number): number {
  return Math.round(share * 1000) / 1000
}

/** Finds the entry of an asset. */
function findEntry(parsed: ParsedText, key: string): MapLayout {
  const { text, document } = parsed
  if (document.errors.length > 0) {
    throw notEditable('The manifest has mistakes.', 'Fix them first: `limn plan` lists them.')
  }
  const assets = document.get('assets', true)
  const pair = isMap(assets) ? findPair(assets, key) : undefined
  if (pair === undefined || !isMap(assets)) {
    throw notEditable(
      `The entry of "${key}" is not written below \`assets\` in this file.`,
      `Write it there, or edit the entry that it takes over.`,
    )
  }
  return mapOf(parsed, pair, columnOf(text, offsets(pair.key)![0]), key)
}

/** Finds a map in an entry. */
function findMap(entry: MapLayout, key: string): MapLayout {
  const pair = findPair(entry.map, key)
  if (pair === undefined) {
    throw notEditable(`The asset has no \`${key}\` of its own.`, `Add \`${key}\` to it first.`)
  }
  return mapOf(entry, pair, entry.column, key)
}

function mapOf(parsed: ParsedText, { value }: TextPair, column: number, name: string): MapLayout {
  if (isAlias(value)) {
    throw notEditable(
      `"${name}" takes over everything from *${value.source}, and a change would change both.`,
      'Write it out, or use `<<:` to override single keys.',
    )
  }
  if (!isMap(value)) {
    throw notEditable(`"${name}" has no keys.`, 'Write at least a `prompt` first.')
  }
  return layoutOf(parsed, value as YAMLMap, column)
}

/** Checks that an edit has changed nothing but its key, and what takes that over by an alias. */
function requireOnlyChange(
  before: ParsedText,
  text: string,
  { key, field }: { key: string; field: Field },
): void {
  const after = parseYaml(text)
  const changed = keyByField[field]
  const isShared = hasAnchor(findEntry(before, key), changed)
  const old = valueWithout(before.document, key, changed)
  const now = after.errors.length > 0 ? undefined : valueWithout(after, key, changed)
  if (now !== undefined && (isShared || old === now)) return
  throw notEditable(
    `\`${changed}\` of "${key}" is written in a way that Limn can't edit.`,
    'Edit it in the manifest.',
  )
}

/** Whether other parts of the manifest may take over the value of a key, or a part of it. */
function hasAnchor({ map }: MapLayout, key: string): boolean {
  let found = false
  visit(findPair(map, key)?.value as Node | null, {
    Node(_, { anchor }: { anchor?: string }) {
      if (anchor !== undefined) found = true
    },
  })
  return found
}

/** Returns the value of a manifest without one key of an asset; `undefined` if it has none. */
function valueWithout(document: Document, key: string, changed: string): string | undefined {
  try {
    const value = valueOfYaml(document) as { assets: Record<string, object> }
    const { [changed]: _, ...rest } = value.assets[key] as Record<string, unknown>
    return canonicalJson({ ...value, assets: { ...value.assets, [key]: rest } })
  } catch {
    return undefined
  }
}

function notEditable(message: string, hint: string): LimnError {
  return new LimnError('manifest/not-editable', message, { hint })
}
