import { isMap, isPair, isScalar, isSeq, type Node, type Pair, stringify } from 'yaml'
import { parseYaml, type ParsedText } from './parse/parse-yaml.ts'

/** A new name of an asset. */
export type AssetRename = {
  from: string
  to: string
  /** Assets below the old name with entries of their own: they keep their names. */
  kept: readonly string[]
}

/**
 * Renames an entry of `assets` in a manifest's text, including where it is the input of another,
 * part of an atlas or what another picture is compared with. Comments, order and spacing stay as
 * they are.
 *
 * @returns the new text, and whether the text has the entry itself
 */
export function renameAsset(
  text: string,
  { from, to, kept }: AssetRename,
): { text: string; found: boolean } {
  const document = parseYaml(text)
  const assets = document.get('assets', true)
  const key = (isMap(assets) ? assets.items : [])
    .map((pair) => pair.key)
    .find((candidate) => isScalar(candidate) && candidate.value === from)
  const isOwn = (name: string): boolean =>
    name === from ||
    (name.startsWith(`${from}/`) &&
      !kept.some((other) => name === other || name.startsWith(`${other}/`)))
  const named = mentionsIn(document).filter(({ value }) => isOwn(String(value)))
  const places = [...(isScalar(key) ? [key] : []), ...named].flatMap(({ range, value }) =>
    range === undefined || range === null
      ? []
      : [{ start: range[0], end: range[1], name: `${to}${String(value).slice(from.length)}` }],
  )
  let renamed = text
  // From the end, so that earlier offsets stay valid.
  for (const { start, end, name } of places.sort((a, b) => b.start - a.start)) {
    renamed = `${renamed.slice(0, start)}${stringify(name).trimEnd()}${renamed.slice(end)}`
  }
  return { text: renamed, found: isScalar(key) }
}

/** Lists the entries of `assets` in a manifest's text whose names begin with that of another. */
export function entriesBelow(text: string, name: string): string[] {
  const assets = parseYaml(text).get('assets', true)
  const keys = isMap(assets)
    ? assets.items.map(({ key }) => String(isScalar(key) ? key.value : ''))
    : []
  return keys.filter((key) => key.startsWith(`${name}/`))
}

type Named = { value: unknown; range?: Node['range'] }

/** Returns the scalars of a manifest that can name an asset. */
function mentionsIn(document: ParsedText['document']): Named[] {
  const groups = ['assets', 'styles', 'characters'].map((key) => document.get(key, true))
  const users = groups.flatMap((group) => (isMap(group) ? group.items : []))
  const atlases = document.get('atlases', true)
  return [
    ...users.flatMap(inputsOf),
    ...users.flatMap(({ value }) => comparedIn(value)),
    ...comparedIn(document.get('defaults', true)),
    ...(isMap(atlases) ? atlases.items : []).flatMap(({ value }) => scalarsAt(value, 'pictures')),
  ]
}

/** Returns the scalars of an asset, style or character that can name another asset. */
function inputsOf({ value: asset }: Pair<unknown, unknown>): Named[] {
  if (!isMap(asset)) return []
  const images = ['edit', 'variation']
    .map((key) => asset.get(key, true))
    .flatMap((map) => scalarsAt(map, 'image'))
  return [...images, ...scalarsAt(asset, 'references')]
}

/** Returns the names in `expect` of an asset, a style or `defaults`. */
function comparedIn(owner: unknown): Named[] {
  const expected = isMap(owner) ? owner.get('expect', true) : undefined
  return ['like', 'unlike'].flatMap((test) => scalarsAt(expected, test))
}

/** Returns the text at a key, or the texts of the list there. */
function scalarsAt(map: unknown, key: string): Named[] {
  const value: unknown = isMap(map) ? map.get(key, true) : undefined
  const items: unknown[] = isSeq(value) ? value.items.filter((item) => !isPair(item)) : [value]
  return items.filter((item) => isScalar(item))
}
