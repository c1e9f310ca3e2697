import type { DataRow } from '../data/data-table.ts'
import type { AssetFile } from '../manifest-file.ts'

/** Returns an asset with what its row has of its own: `prompt`, `alt` and `style`. */
export function withRow(asset: AssetFile, { values }: DataRow): AssetFile {
  const { prompt, alt, style } = values
  if (prompt === undefined && alt === undefined && style === undefined) return asset
  return {
    ...asset,
    ...(prompt === undefined ? {} : { prompt: textOf(prompt) }),
    ...(alt === undefined ? {} : { alt: textOf(alt) }),
    ...(style === undefined ? {} : { style: namesOf(style) }),
  }
}

function textOf(value: string | readonly string[]): string {
  return typeof value === 'string' ? value : value.join(', ')
}

/** Returns the styles of a row: a list, or names with commas between them. */
function namesOf(value: string | readonly string[]): string[] {
  const names = typeof value === 'string' ? value.split(',') : value
  return names.map((name) => name.trim()).filter((name) => name !== '')
}
