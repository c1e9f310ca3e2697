import type { Manifest } from './manifest.ts'

/*
 * A manifest in the form in which it is kept: by column and not by asset, and what many
 * assets share (outputs, model, settings) once. It takes a quarter of the bytes, and of the
 * time to read them.
 */

/** The values of one field, asset by asset: as they are, or as numbers of those in a list. */
type Column = { values: unknown[] } | { list: unknown[]; numbers: number[] }
export type PackedManifest = Omit<Manifest, 'assets'> & { assets: { count: number; columns: Record<string, Column> } }

/** A part of the values at most that is worth a list. */
const WORTH = 0.25

export function packManifest(manifest: Manifest): PackedManifest {
  const { assets } = manifest
  const keys = [...new Set(assets.flatMap((asset) => Object.keys(asset)))]
  const columns = Object.fromEntries(keys.map((key) => [key, packColumn(assets.map((asset) => (asset as Readonly<Record<string, unknown>>)[key]))]))
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
      const text = JSON.stringify(value) ?? ''
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

/** The manifest that was packed. Assets share the values that they had in common: nobody changes them. */
export function unpackManifest(packed: PackedManifest): Manifest {
  const { count, columns } = packed.assets
  const assets: Record<string, unknown>[] = Array.from({ length: count }, () => ({}))
  for (const [key, column] of Object.entries(columns)) {
    const isList = 'list' in column
    for (let index = 0; index < count; index++) assets[index]![key] = isList ? column.list[column.numbers[index]!] : column.values[index]
  }
  return { ...packed, assets: assets as Manifest['assets'] }
}
