import type { Virtualizer } from '@tanstack/virtual-core'
import { useCallback, useRef } from 'preact/hooks'
import { type Store, useStore } from '../store/store.ts'
import { type GridLayout, moveIndex } from './layout.ts'

type KeysOptions = {
  layout: GridLayout
  scroller: { current: HTMLElement | null }
  virtualizer: Virtualizer<HTMLElement, Element>
  rowsPerPage: number
}

type GridKeys = {
  onKeyDown: (event: KeyboardEvent) => void
  /** Selects an asset, or no longer; with `isRange`, all up to it. */
  toggle: (name: string, isRange: boolean) => void
}

/** Moves the focus in the grid with keys, and selects. */
export function useGridKeys(options: KeysOptions): GridKeys {
  const store = useStore()
  const latest = useRef(options)
  latest.current = options
  const anchor = useRef<string | null>(null)
  const toggle = useCallback((name: string, isRange: boolean) => {
    const { layout } = latest.current
    store.grid.focused.value = name
    const from = layout.indexByName.get(anchor.current ?? '')
    const to = layout.indexByName.get(name)
    if (isRange && from !== undefined && to !== undefined) {
      selectRange(store, layout, from, to)
      return
    }
    anchor.current = name
    const { selection } = store.grid
    const next = new Set(selection.value)
    if (!next.delete(name)) next.add(name)
    selection.value = next
  }, [])
  const onKeyDown = useCallback((event: KeyboardEvent) => {
    const { layout, rowsPerPage } = latest.current
    const index = layout.indexByName.get(store.grid.focused.value ?? '') ?? 0
    const name = layout.assets[index]?.name
    if (name === undefined || event.altKey) return
    const { key } = event
    const isCommand = event.ctrlKey || event.metaKey
    if (key === ' ') {
      toggle(name, event.shiftKey)
    } else if (isCommand && key.toLowerCase() === 'a') {
      store.grid.selection.value = new Set(layout.assets.map((asset) => asset.name))
    } else {
      const target = moveIndex(layout, index, { key, rowsPerPage })
      if (target === null) return
      if (event.shiftKey) {
        anchor.current ??= name
        selectRange(store, layout, layout.indexByName.get(anchor.current) ?? index, target)
      } else anchor.current = null
      focusAsset(latest.current, target, store)
    }
    event.preventDefault()
  }, [])
  return { onKeyDown, toggle }
}

function selectRange({ grid }: Store, layout: GridLayout, from: number, to: number): void {
  const range = layout.assets.slice(Math.min(from, to), Math.max(from, to) + 1)
  grid.selection.value = new Set(range.map(({ name }) => name))
}

/** Scrolls to an asset and gives it the focus, once its row exists. */
function focusAsset({ layout, scroller, virtualizer }: KeysOptions, index: number, store: Store) {
  const name = layout.assets[index]?.name ?? ''
  store.grid.focused.value = name
  virtualizer.scrollToIndex(layout.rowOf[index] ?? 0, { align: 'auto' })
  requestAnimationFrame(() => {
    const link = scroller.current?.querySelector<HTMLElement>(`[data-name="${CSS.escape(name)}"]`)
    link?.focus({ preventScroll: true })
  })
}
