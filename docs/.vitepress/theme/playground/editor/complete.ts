import { type Choice, keysOf, type Schema, schemasAt, valuesOf } from './schema.ts'
import { placeAt } from './yaml-place.ts'

/** What can be typed at a place, and where the word that it replaces starts. */
export type Completed = { from: number; keys: Choice[]; values: Choice[] }

/** The groups of a manifest whose names are values elsewhere, by the end of the path there. */
const groupByPlace: readonly (readonly [end: RegExp, group: string])[] = [
  [/ style(?: \*)?$/, 'styles'],
  [/ (?:outputs \*|outputs \* preset)$/, 'presets'],
  [/ (?:edit image|variation|variation image|references \*)$/, 'assets'],
  [/ character$/, 'characters'],
]

/** Completes a manifest at a position: from its schema, and with the names that it defines. */
export function completeManifest(
  text: string,
  position: number,
  schema: Schema,
): Completed | undefined {
  const place = placeAt(text, position)
  if (place === undefined) return undefined
  const { path, isValue, from, siblings } = place
  const schemas = schemasAt(schema, path)
  const group = groupByPlace.find(([end]) => end.test(` ${path.join(' ')}`))?.[1]
  const own = group === undefined ? [] : namesIn(text, group)
  const keys = isValue ? [] : keysOf(schemas).filter(({ label }) => !siblings.includes(label))
  const isName = isValue || path.at(-1) === '*'
  return { from, keys, values: isName ? [...own, ...valuesOf(schemas)] : [] }
}

/** Returns the names that a group at the top of a manifest defines. */
function namesIn(text: string, group: string): Choice[] {
  const [, body = ''] =
    new RegExp(`^${group}:[^\\n]*\\n((?:[ #][^\\n]*\\n|\\n)*)`, 'm').exec(`${text}\n`) ?? []
  const indent = /^( +)[^\s#]/m.exec(body)?.[1] ?? '  '
  const names = [...body.matchAll(/^( +)(["']?)([^\s#"':][^:"']*)\2:(?=\s|$)/gm)]
  return names
    .filter(([, spaces]) => spaces === indent)
    .map(([, , , label]) => ({
      label: label!,
      description: `One of the ${group} of this manifest.`,
    }))
}

/** Returns the description of the key at a position; `undefined` if there is none. */
export function describeKey(text: string, position: number, schema: Schema): string | undefined {
  const end = position + /^[\w-]*/.exec(text.slice(position))![0].length
  const key = /[\w-]+$/.exec(text.slice(0, end))?.[0]
  if (key === undefined || text[end] !== ':') return undefined
  const place = placeAt(text, end)
  if (place === undefined || place.isValue || place.from + key.length !== end) return undefined
  return schemasAt(schema, [...place.path, key]).find(({ description }) => description)?.description
}
