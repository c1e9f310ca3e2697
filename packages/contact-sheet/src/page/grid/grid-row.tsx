import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { SheetAsset } from '../../protocol.ts'
import { useStore, useText } from '../store/store.ts'
import { AssetCard } from './asset-card.tsx'
import type { GridRow } from './layout.ts'

type RowOptions = {
  row: GridRow
  index: number
  /** Distance from the top of the grid, px. */
  top: number
  /** Name of the asset that Tab leads to. */
  tabStop: string
  onToggle: (name: string, isRange: boolean) => void
}

/** A row of the grid at its place. */
export function GridRowView({ row, index, top, tabStop, onToggle }: RowOptions): JSX.Element {
  const ownStop = row.assets.some(({ name }) => name === tabStop) ? tabStop : ''
  const content = useMemo(
    () =>
      row.kind === 'heading' ? (
        <Heading groupKey={row.key} assets={row.assets} />
      ) : (
        row.assets.map((asset, column) => (
          <Cell
            key={asset.name}
            asset={asset}
            column={column}
            isTabStop={asset.name === ownStop}
            onToggle={onToggle}
          />
        ))
      ),
    [row, ownStop, onToggle],
  )
  return (
    <div
      class={row.kind === 'heading' ? 'grid-row heading' : 'grid-row'}
      role="row"
      aria-rowindex={index + 1}
      style={{ transform: `translateY(${top}px)` }}
    >
      {content}
    </div>
  )
}

type CellOptions = {
  asset: SheetAsset
  column: number
  isTabStop: boolean
  onToggle: (name: string, isRange: boolean) => void
}

function Cell({ asset, column, isTabStop, onToggle }: CellOptions): JSX.Element {
  const { grid } = useStore()
  return (
    <div
      role="gridcell"
      aria-colindex={column + 1}
      aria-selected={grid.selection.value.has(asset.name)}
    >
      <AssetCard asset={asset} isTabStop={isTabStop} onToggle={onToggle} />
    </div>
  )
}

/** Heading of a group: its name, and how many of its pictures need something. */
function Heading({ groupKey, assets }: { groupKey: string; assets: readonly SheetAsset[] }) {
  const { grid } = useStore()
  const text = useText()
  const { group } = grid.filters.value
  const title =
    group === 'status'
      ? text.states[groupKey as keyof typeof text.states]
      : groupKey || text.grid.noFolder
  return (
    <div role="rowheader">
      <h2 class="group">
        {title} <span class="group-count">{assets.length.toLocaleString()}</span>
      </h2>
    </div>
  )
}
