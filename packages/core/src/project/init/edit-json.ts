import { listOf, type Node, nameOfKey, parseJson, unwrap } from './code.ts'
import { appendItem, applySplices } from './splice.ts'

/**
 * Adds entries to the object at a key of a JSON text, and keeps its format and comments. Entries
 * that exist stay as they are.
 *
 * @returns the text as it was if the JSON is invalid, or the key has another value
 */
export function addEntries(
  text: string,
  key: string,
  entries: Readonly<Record<string, string>>,
): string {
  const missing = Object.entries(entries).filter(([name]) => !hasEntry(text, key, name))
  let result = text
  for (const [name, value] of missing) {
    result = append(result, key, `${JSON.stringify(name)}: ${JSON.stringify(value)}`, '{}')
  }
  return result
}

/** Adds an item to the array at a key of a JSON text, like `addEntries`. The key must exist. */
export function addItem(text: string, key: string, item: string): string {
  return append(text, key, JSON.stringify(item), undefined)
}

function append(text: string, key: string, item: string, empty: '{}' | undefined): string {
  const object = parseObject(text)
  const list = object === undefined ? undefined : listOf(object)
  if (object === undefined || list === undefined) return text
  const value = valueOf(object, key)
  if (value === undefined) {
    if (empty === undefined) return text
    const splices = appendItem(text, list, { item: `"${key}": { ${item} }`, isJson: true })
    return applySplices(text, splices)
  }
  const inner = listOf(value)
  if (inner === undefined || inner.kind !== (empty === undefined ? 'array' : 'object')) return text
  return applySplices(text, appendItem(text, inner, { item, isJson: true }))
}

function hasEntry(text: string, key: string, name: string): boolean {
  const object = parseObject(text)
  const value = object === undefined ? undefined : valueOf(object, key)
  return value !== undefined && valueOf(value, name) !== undefined
}

function valueOf(object: Node, key: string): Node | undefined {
  if (object.type !== 'ObjectExpression') return undefined
  const property = object.properties.find((entry) => nameOfKey(entry) === key)
  return property?.type === 'ObjectProperty' ? unwrap(property.value) : undefined
}

function parseObject(text: string): Node | undefined {
  try {
    const node = unwrap(parseJson(text))
    return node.type === 'ObjectExpression' ? node : undefined
  } catch {
    return undefined
  }
}
