import type { Asset, Manifest } from '../manifest.ts'

/*
 * A manifest in the form in which it is kept: by column and not by asset, and what many
 * assets share (outputs, model, settings) once. It takes a quarter of the bytes and of the
 * time to read them, and single assets can be had from it without the others.
 */

/** The values of one field, asset by asset: as they are, or as numbers of those in a list. */
type Column = { values: unknown[] } | { list: unknown[]; numbers: number[] }
export type PackedManifest = Omit<Manifest, 'assets'> & {
  assets: { count: number; columns: Record<string, Column> }
}

/** A part of the values at most that is worth a list. */
const WORTH = 0.25

export function packManifest(manifest: Manifest): PackedManifest {
  const { assets } = manifest
  const keys = [...new Set(assets.flatMap((asset) => Object.keys(asset)))]
  const columns = Object.fromEntries(
    keys.map((key) => [key, packColumn(assets.map((asset) => asset[key as keyof Asset]))]),
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
    if (list.length > 100 && list.length > values.length * WORTH) return { values }
  }
  return { list, numbers }
}

/**
 * The manifest that was packed. Assets share the values that they had in common: nobody changes
 * them.
 */
export function unpackManifest(packed: PackedManifest): Manifest {
  return {
    ...packed,
    assets: Array.from({ length: packed.assets.count }, (_, row) => assetAt(packed, row)),
  }
}

/** One asset of a packed manifest, by its number. */
export function assetAt({ assets: { columns } }: PackedManifest, row: number): Asset {
  const asset: Record<string, unknown> = {}
  for (const key in columns) asset[key] = at(columns[key]!, row)
  return asset as Asset
}

/** One field of every asset, in their order. */
export function fieldOfAll<Key extends keyof Asset>(
  { assets: { count, columns } }: PackedManifest,
  key: Key,
): Asset[Key][] {
  const column = columns[key]!
  return 'values' in column
    ? (column.values as Asset[Key][])
    : Array.from({ length: count }, (_, row) => at(column, row) as Asset[Key])
}

/** A packed manifest with other assets in place of some, by their numbers. */
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
