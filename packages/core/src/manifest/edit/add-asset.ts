import { isMap, isScalar } from 'yaml'
import { canonicalJson } from '../../digest.ts'
import { LimnError } from '../../errors.ts'
import { offsets } from '../parse/document.ts'
import { parseYaml, type ParsedText } from '../parse/parse-yaml.ts'
import { formatText } from './format-text.ts'
import { columnOf, endOfPair, findPair, layoutOf, type TextPair } from './map-layout.ts'
import { lineEnd } from './text-changes.ts'

/** A new entry of `assets`. What is absent keeps its default. */
export type NewAsset = {
  prompt: string
  alt: string
  styles?: readonly string[] | undefined
  outputs?: readonly string[] | undefined
}

/**
 * Adds an entry to the end of `assets` in a manifest's text. Everything else stays byte for byte.
 *
 * @throws LimnError `manifest/not-editable` if `assets` is not written as a block, or the text is
 *   not valid YAML
 */
export function addAsset(text: string, key: string, asset: NewAsset): string {
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n'
  const own = text.slice(bom.length)
  const document = parseYaml(own)
  if (document.errors.length > 0) throw notEditable('The manifest has mistakes.', FIX_FIRST)
  const { at, column, step, isSpaced } = findEnd({ text: own, document })
  const lines = formatEntry(key, asset, { column, step })
  const gap = isSpaced ? '\n\n' : '\n'
  const added = `${own.slice(0, at)}${`${gap}${lines}`.replaceAll('\n', eol)}${own.slice(at)}`
  requireOnlyAddition({ before: own, after: added, key })
  return `${bom}${added}`
}

const FIX_FIRST = 'Fix them first: `limn plan` lists them.'

/** Where a new entry is added, and how it is indented. */
type EntryEnd = { at: number; column: number; step: number; isSpaced: boolean }

function findEnd(parsed: ParsedText): EntryEnd {
  const { text, document } = parsed
  const pair = isMap(document.contents) ? findPair(document.contents, 'assets') : undefined
  if (pair === undefined) throw notBlock()
  const parent = columnOf(text, offsets(pair.key)![0])
  const assets = pair.value
  if (!isMap(assets)) {
    if (assets !== null && !(isScalar(assets) && assets.value === null)) throw notBlock()
    const at = lineEnd(text, offsets(pair.key)![1])
    return { at, column: parent + 2, step: 2, isSpaced: false }
  }
  const last = assets.items.at(-1)
  if (assets.flow === true || last === undefined) throw notBlock()
  const { column, step } = layoutOf(parsed, assets, parent)
  const at = lineEnd(text, endOfPair(text, last))
  return { at, column, step, isSpaced: isSpaced(text, assets.items as TextPair[]) }
}

/** Whether there is an empty line between the first two entries. */
function isSpaced(text: string, [first, second]: readonly TextPair[]): boolean {
  if (first === undefined || second === undefined) return false
  const between = text.slice(endOfPair(text, first), offsets(second.key)![0])
  return /\n[ \t]*\r?\n/.test(between)
}

function formatEntry(
  key: string,
  { prompt, alt, styles = [], outputs = [] }: NewAsset,
  { column, step }: Pick<EntryEnd, 'column' | 'step'>,
): string {
  const inner = column + step
  const place = { column: inner, step, isFlow: false, isJson: false, old: undefined }
  const flow = { ...place, isFlow: true }
  const list = (name: string, items: readonly string[]): string[] => {
    if (items.length === 0) return []
    const texts = items.map((item) => formatText(item, { ...flow, key: name }))
    return [`${name}: [${texts.join(', ')}]`]
  }
  const fields = [
    `prompt: ${formatText(prompt, { ...place, key: 'prompt' })}`,
    ...list('style', styles),
    `alt: ${formatText(alt, { ...place, key: 'alt' })}`,
    ...list('outputs', outputs),
  ]
  const name = /^[A-Za-z_][\w/-]*$/.test(key) ? key : JSON.stringify(key)
  return [`${' '.repeat(column)}${name}:`, ...fields.map((each) => ' '.repeat(inner) + each)].join(
    '\n',
  )
}

/** Checks that only the new entry differs. */
function requireOnlyAddition(texts: { before: string; after: string; key: string }): void {
  const [before, after] = [parseYaml(texts.before), parseYaml(texts.after)]
  if (after.errors.length > 0) throw notBlock()
  const old = before.toJS({ maxAliasCount: -1 }) as { assets?: Record<string, object> | null }
  const now = after.toJS({ maxAliasCount: -1 }) as { assets: Record<string, object> }
  const { [texts.key]: added, ...rest } = now.assets
  const isSame =
    added !== undefined &&
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
