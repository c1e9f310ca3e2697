import type { Asset, Manifest } from '../manifest.ts'

/*
 * The form in which a manifest is cached: by column instead of by asset, with values that many assets
 * share (outputs, model, settings) stored once. It takes a quarter of the bytes and of the time to
 * read, and a single asset can be unpacked without the others.
 */

/** The values of one field by asset: as they are, or as indices into a list of distinct values. */
type Column = { values: unknown[] } | { list: unknown[]; numbers: number[] }

/** A manifest in columns. Plain data. */
export type PackedManifest = Omit<Manifest, 'assets'> & {
  assets: { count: number; columns: Record<string, Column> }
}

/** Largest share of distinct values for which a list is worthwhile. */
const MAX_DISTINCT_SHARE = 0.25
/** Number of values after which almost only distinct ones show that the rest is distinct, too. */
const SAMPLE = 500

/** Packs a manifest into columns. */
export function packManifest(manifest: Manifest): PackedManifest {
  const { assets } = manifest
  const keys = new Set<string>()
  for (const asset of assets) for (const key in asset) keys.add(key)
  const columns = Object.fromEntries(
    [...keys].map((key) => [key, packColumn(assets.map((asset) => asset[key as keyof Asset]))]),
  )
  return { ...manifest, assets: { count: assets.length, columns } }
}

function packColumn(values: unknown[]): Column {
  const list: unknown[] = []
  const numberByText = new Map<string, number>()
  const numberByValue = new Map<unknown, number>()
  const numbers: number[] = []
  for (const value of values) {
    let number = numberByValue.get(value)
    if (number === undefined) {
      const text = JSON.stringify(value)
      number = numberByText.get(text) ?? list.length
      if (number === list.length) list.push(value)
      numberByText.set(text, number)
      numberByValue.set(value, number)
    }
    numbers.push(number)
    if (list.length > 100 && list.length > values.length * MAX_DISTINCT_SHARE) return { values }
    if (numbers.length === SAMPLE && list.length > SAMPLE * 0.9) return { values }
  }
  return { list, numbers }
}

/** Unpacks a manifest. Assets share equal values, which must not be changed. */
export function unpackManifest(packed: PackedManifest): Manifest {
  return {
    ...packed,
    assets: Array.from({ length: packed.assets.count }, (_, row) => assetAt(packed, row)),
  }
}

/** Unpacks one asset, by its row. */
export function assetAt({ assets: { columns } }: PackedManifest, row: number): Asset {
  const asset: Record<string, unknown> = {}
  for (const key in columns) asset[key] = at(columns[key]!, row)
  return asset as Asset
}

/** Returns one field of every asset, in their order. */
export function fieldOfAll<Key extends keyof Asset>(
  { assets: { count, columns } }: PackedManifest,
  key: Key,
): Asset[Key][] {
  const column = columns[key]!
  return 'values' in column
    ? (column.values as Asset[Key][])
    : Array.from({ length: count }, (_, row) => at(column, row) as Asset[Key])
}

/** Returns a packed manifest in which some assets are replaced, by their rows. */
export function withAssets(
  packed: PackedManifest,
  assetByRow: ReadonlyMap<number, Asset>,
): PackedManifest {
  const columns = Object.entries(packed.assets.columns).map(([key, column]): [string, Column] => {
    const copy: Column =
      'values' in column
        ? { values: [...column.values] }
        : { list: [...column.list], numbers: [...column.numbers] }
    for (const [row, asset] of assetByRow) setAt(copy, row, asset[key as keyof Asset])
    return [key, copy]
  })
  return { ...packed, assets: { ...packed.assets, columns: Object.fromEntries(columns) } }
}

function at(column: Column, row: number): unknown {
  return 'values' in column ? column.values[row] : column.list[column.numbers[row]!]
}

function setAt(column: Column, row: number, value: unknown): void {
  if ('values' in column) {
    column.values[row] = value
    return
  }
  const text = JSON.stringify(value)
  const known = column.list.findIndex((other) => JSON.stringify(other) === text)
  column.numbers[row] = known < 0 ? column.list.push(value) - 1 : known
}
