import { isMap, isPair, isScalar, isSeq, type Node, type Pair, stringify } from 'yaml'
import { parseYaml } from './parse/parse-yaml.ts'

/**
 * Renames an entry of `assets` in a manifest's text, including where it is the input of another.
 * Comments, order and spacing stay as they are.
 *
 * @returns the new text, and whether the text has the entry itself
 */
export function renameAsset(
  text: string,
  from: string,
  to: string,
): { text: string; found: boolean } {
  const document = parseYaml(text)
  const assets = document.get('assets', true)
  const key = (isMap(assets) ? assets.items : [])
    .map((pair) => pair.key)
    .find((candidate) => isScalar(candidate) && candidate.value === from)
  const inputs = [assets, document.get('styles', true), document.get('characters', true)].flatMap(
    (group) => (isMap(group) ? group.items.flatMap(inputsOf) : []),
  )
  const named = inputs.filter(({ value }) => value === from || String(value).startsWith(`${from}/`))
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

type Named = { value: unknown; range?: Node['range'] }

/** Returns the scalars of an asset, style or character that can name another asset. */
function inputsOf({ value: asset }: Pair<unknown, unknown>): Named[] {
  if (!isMap(asset)) return []
  const images = ['edit', 'variation']
    .map((key) => asset.get(key, true))
    .flatMap((map) => (isMap(map) ? [map.get('image', true)] : []))
  const references = asset.get('references', true)
  const listed = isSeq(references) ? references.items.filter((item) => !isPair(item)) : []
  return [...images, ...listed].filter((item) => isScalar(item))
}
