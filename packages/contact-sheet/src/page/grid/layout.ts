import type { SheetAsset } from '../../protocol.ts'
import type { AssetGroup } from '../store/filters.ts'

/** One row of the grid: the heading of a group, or up to `columns` assets. */
export type GridRow =
  | { kind: 'heading'; key: string; assets: readonly SheetAsset[] }
  | { kind: 'cells'; assets: readonly SheetAsset[]; firstIndex: number }

/** The rows of the grid, and the place of each asset in them. */
export type GridLayout = {
  rows: GridRow[]
  columns: number
  /** All assets in the order of the grid. */
  assets: SheetAsset[]
  /** Index of the row of each asset. */
  rowOf: number[]
  indexByName: Map<string, number>
}

/** Lays groups out in rows of `columns` assets. Groups without a key have no heading. */
export function layOut(
  groups: readonly AssetGroup[],
  columns: number,
  hasHeadings: boolean,
): GridLayout {
  const rows: GridRow[] = []
  const assets: SheetAsset[] = []
  const rowOf: number[] = []
  for (const group of groups) {
    if (hasHeadings) rows.push({ kind: 'heading', key: group.key, assets: group.assets })
    for (let start = 0; start < group.assets.length; start += columns) {
      const cells = group.assets.slice(start, start + columns)
      rows.push({ kind: 'cells', assets: cells, firstIndex: assets.length })
      for (const asset of cells) {
        assets.push(asset)
        rowOf.push(rows.length - 1)
      }
    }
  }
  return {
    rows,
    columns,
    assets,
    rowOf,
    indexByName: new Map(assets.map(({ name }, index) => [name, index])),
  }
}

/** Returns how many columns of about `cellWidth` px fit; at least two on a phone. */
export function columnsIn(
  width: number,
  { cellWidth, gap }: { cellWidth: number; gap: number },
): number {
  const fitting = Math.floor((width + gap) / (cellWidth + gap))
  return Math.max(cellWidth > width / 2 && width < 420 && cellWidth > 240 ? 1 : 2, fitting)
}

/** Keys that move the focus in the grid. */
const moves: Readonly<
  Record<string, (layout: GridLayout, index: number, rowsPerPage: number) => number>
> = {
  ArrowRight: (_, index) => index + 1,
  ArrowLeft: (_, index) => index - 1,
  ArrowDown: (layout, index) => moveRows(layout, index, 1),
  ArrowUp: (layout, index) => moveRows(layout, index, -1),
  PageDown: (layout, index, rows) => moveRows(layout, index, rows),
  PageUp: (layout, index, rows) => moveRows(layout, index, -rows),
  Home: () => 0,
  End: ({ assets }) => assets.length - 1,
}

/** Returns the index to which a key moves the focus; `null` if the key does not move it. */
export function moveIndex(
  layout: GridLayout,
  index: number,
  { key, rowsPerPage }: { key: string; rowsPerPage: number },
): number | null {
  const target = Object.hasOwn(moves, key) ? moves[key]?.(layout, index, rowsPerPage) : undefined
  if (target === undefined || layout.assets.length === 0) return null
  return Math.min(layout.assets.length - 1, Math.max(0, target))
}

/** Returns the index of the asset some rows further in the same column, or in the last one there. */
function moveRows(layout: GridLayout, index: number, by: number): number {
  const from = layout.rowOf[index] ?? 0
  const start = layout.rows[from]
  const column = start?.kind === 'cells' ? index - start.firstIndex : 0
  const step = Math.sign(by)
  let left = Math.abs(by)
  let target = start
  for (let row = from + step; left > 0 && row >= 0 && row < layout.rows.length; row += step) {
    const passed = layout.rows[row]
    if (passed?.kind !== 'cells') continue
    target = passed
    left -= 1
  }
  if (target?.kind !== 'cells') return index
  return target.firstIndex + Math.min(column, target.assets.length - 1)
}
