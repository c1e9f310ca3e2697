import { useComputed } from '@preact/signals'
import type { VirtualItem } from '@tanstack/virtual-core'
import type { JSX } from 'preact'
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { useStore, useText } from '../store/store.ts'
import { GridRowView } from './grid-row.tsx'
import { columnsIn, type GridLayout, layOut } from './layout.ts'
import { useGridKeys } from './use-grid-keys.ts'
import { useVirtualRows } from './use-virtual-rows.ts'

/** Distances in the grid, px. */
const GAP = 16
const CAPTION = 50
const HEADING = 48

/** Shows the filtered assets in rows. Only the rows in sight exist in the document. */
export function AssetGrid(): JSX.Element {
  const { grid, preferences } = useStore()
  const text = useText()
  const scroller = useRef<HTMLDivElement>(null)
  const width = useWidth(scroller)
  const cellWidth = preferences.cellWidth.value
  const columns = columnsIn(width, { cellWidth, gap: GAP })
  const hasHeadings = grid.filters.value.group !== 'none'
  const groups = grid.groups.value
  const layout = useMemo(() => layOut(groups, columns, hasHeadings), [groups, columns, hasHeadings])
  const pictureHeight = Math.round(((width - GAP * (columns - 1)) / columns) * 0.75)
  const rowHeight = pictureHeight + CAPTION + GAP
  const focusedIndex = useFocusedIndex(layout)
  const virtualizer = useVirtualRows({
    count: layout.rows.length,
    scroller,
    heightOf: (row) => (layout.rows[row]?.kind === 'heading' ? HEADING : rowHeight),
    keptRow: layout.rowOf[focusedIndex] ?? -1,
    initialOffset: grid.scrollTop.current,
    heightsKey: `${layout.rows.length} ${columns} ${rowHeight} ${grid.filters.value.group}`,
  })
  const rowsPerPage = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight))
  const keys = useGridKeys({ layout, scroller, virtualizer, rowsPerPage })
  useKeptOffset(scroller)
  const tabStop =
    layout.assets[focusedIndex]?.name ?? firstInSight(layout, virtualizer.getVirtualItems())
  return (
    <div
      class="grid-scroller"
      ref={scroller}
      onScroll={({ currentTarget: { scrollTop, clientHeight } }) => {
        grid.scrollTop.current = scrollTop
        grid.loads.scrolled(scrollTop, clientHeight)
      }}
    >
      <div
        class="grid"
        role="grid"
        aria-label={text.nav.pictures}
        aria-rowcount={layout.rows.length}
        aria-colcount={columns}
        aria-multiselectable="true"
        style={{
          height: `${virtualizer.getTotalSize()}px`,
          '--columns': columns,
          '--picture-height': `${pictureHeight}px`,
        }}
        onKeyDown={keys.onKeyDown}
      >
        {virtualizer.getVirtualItems().map((item: VirtualItem) => (
          <GridRowView
            key={layout.rows[item.index]?.kind === 'heading' ? `h${item.index}` : item.index}
            row={layout.rows[item.index]!}
            index={item.index}
            top={item.start}
            tabStop={tabStop}
            onToggle={keys.toggle}
          />
        ))}
      </div>
    </div>
  )
}

/** Name of the first asset that is rendered: Tab leads to it if no asset had the focus. */
function firstInSight({ rows }: GridLayout, items: readonly VirtualItem[]): string {
  const row = items.map(({ index }) => rows[index]).find((each) => each?.kind === 'cells')
  return row?.assets[0]?.name ?? ''
}

/** Width of the rows, px: that of the scroller without its padding. */
function useWidth(scroller: { current: HTMLDivElement | null }): number {
  const [width, setWidth] = useState(Math.max(280, innerWidth - 48))
  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return undefined
    const measure = () => {
      const { paddingLeft, paddingRight } = getComputedStyle(element)
      setWidth(
        element.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight),
      )
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return width
}

/** Index of the asset that has the focus, or had it last; -1 if it is not shown. */
function useFocusedIndex(layout: GridLayout): number {
  const { grid } = useStore()
  const focused = useComputed(() => grid.focused.value)
  return layout.indexByName.get(focused.value ?? '') ?? -1
}

/** Scrolls back to where the grid was left, and back to the top when what it shows changes. */
function useKeptOffset(scroller: { current: HTMLDivElement | null }): void {
  const { grid } = useStore()
  const { filters } = grid
  const shown = useRef(filters.value)
  useLayoutEffect(() => {
    if (scroller.current !== null) scroller.current.scrollTop = grid.scrollTop.current
  }, [])
  useLayoutEffect(() => {
    if (shown.current === filters.value) return
    shown.current = filters.value
    scroller.current?.scrollTo({ top: 0 })
  })
}
