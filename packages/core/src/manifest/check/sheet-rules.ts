import type { AssetFile, SheetFile } from '../manifest-file.ts'
import { cellsOf, parseGrid } from '../resolve/sheets.ts'
import type { Checked, Report } from './rule.ts'

/** Keys that an asset with a `sheet` can't have, and why. */
const excluded: readonly (readonly [key: keyof AssetFile, why: string])[] = [
  ['variation', 'a variation is one picture'],
  ['matrix', 'each of its pictures would be a sheet'],
  ['shapes', 'the sheet has the shape of its grid'],
  ['adapt', 'the sheet has the shape of its grid'],
  ['frames', 'its cells do not move'],
  ['svg', 'a drawing has no pixels to split'],
]

/** Finds grids that are too small, and keys that a sheet can't have. */
export function checkSheets({ written, manifest }: Checked, report: Report): void {
  for (const [key, asset] of Object.entries(written.assets)) {
    const { sheet } = asset
    if (sheet === undefined) continue
    checkGrid(key, sheet, report)
    for (const [name, why] of excluded) {
      if (asset[name] === undefined) continue
      report({
        code: 'sheet',
        path: ['assets', key, name],
        part: 'key',
        message: `"${key}" is a sheet and can't have \`${name}\`: ${why}.`,
        hint: `Remove \`${name}\`, or make it an asset of its own.`,
      })
    }
    const format = manifest.assets.find(({ name }) => name === key)?.format
    if (format !== 'gif' && format !== 'svg') continue
    report({
      code: 'sheet',
      path: ['assets', key, 'sheet'],
      part: 'key',
      message: `Limn can't split the sheet "${key}" from a picture in the format ${format}.`,
      hint: 'Write `format: png`.',
    })
  }
}

function checkGrid(key: string, sheet: SheetFile, report: Report): void {
  const { columns, rows } = parseGrid(sheet.grid)
  const count = sheet.cells.length
  if (count <= columns * rows) return
  report({
    code: 'sheet',
    path: ['assets', key, 'sheet', 'grid'],
    message: `A grid of ${sheet.grid} has ${columns * rows} cells, but "${key}" names ${count}.`,
    hint: `Write a larger grid, for example ${columns}x${Math.ceil(count / columns)}, or remove cells.`,
  })
}

/** Finds cells with the name of another cell or asset. */
export function checkCellNames({ written }: Checked, report: Report): void {
  for (const [key, { sheet }] of Object.entries(written.assets)) {
    const names = new Set<string>()
    for (const [index, { name }] of (sheet === undefined ? [] : cellsOf(sheet)).entries()) {
      const isRepeated = names.size === names.add(name).size
      const isTaken = Object.hasOwn(written.assets, `${key}/${name}`)
      if (!isRepeated && !isTaken) continue
      report({
        code: 'name-collision',
        path: ['assets', key, 'sheet', 'cells', index],
        message: `Another ${isRepeated ? 'cell' : 'asset'} already defines a picture named "${key}/${name}".`,
        hint: 'Rename one of them.',
      })
    }
  }
}
