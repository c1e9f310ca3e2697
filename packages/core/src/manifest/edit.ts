import { isMap, isScalar, parseDocument, stringify } from 'yaml'

/**
 * Renames an entry of `assets` in a manifest's text. Nothing else changes: comments, order
 * and spacing stay as they are.
 *
 * @returns the new text; `undefined` where there is no such entry
 */
export function renameAsset(text: string, from: string, to: string): string | undefined {
  const document = parseDocument(text, { uniqueKeys: false, stringKeys: true })
  const assets = document.get('assets', true)
  if (!isMap(assets)) return undefined
  const key = assets.items.map((pair) => pair.key).find((candidate) => isScalar(candidate) && candidate.value === from)
  const range = isScalar(key) ? key.range : undefined
  if (range === undefined || range === null) return undefined
  return `${text.slice(0, range[0])}${stringify(to).trimEnd()}${text.slice(range[1])}`
}
