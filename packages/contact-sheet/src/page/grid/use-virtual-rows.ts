import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core'
import type { RefObject } from 'preact'
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks'

type RowsOptions = {
  count: number
  scroller: RefObject<HTMLElement | null>
  /** Height of a row, px. */
  heightOf: (row: number) => number
  /** A row that is rendered even when it is out of sight, because it has the focus. */
  keptRow: number
  /** Where the grid was scrolled to when it was last shown, px. */
  initialOffset: number
  /** Changes with the heights of the rows. */
  heightsKey: string
}

/** Rows beyond the visible ones that are rendered. */
const OVERSCAN = 2

/** Renders only the rows in sight. Every row has a height that is known before it is rendered. */
export function useVirtualRows(options: RowsOptions): Virtualizer<HTMLElement, Element> {
  const [, render] = useReducer((count: number) => count + 1, 0)
  const { count, scroller, heightOf, keptRow } = options
  const settings = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: heightOf,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    overscan: OVERSCAN,
    initialOffset: options.initialOffset,
    initialRect: { width: innerWidth, height: innerHeight },
    onChange: () => render(undefined),
    rangeExtractor: (range: Parameters<typeof defaultRangeExtractor>[0]) => {
      const rows = defaultRangeExtractor(range)
      if (keptRow < 0 || keptRow >= count || rows.includes(keptRow)) return rows
      return [...rows, keptRow].sort((a, b) => a - b)
    },
  }
  const ref = useRef<Virtualizer<HTMLElement, Element> | null>(null)
  ref.current ??= new Virtualizer(settings)
  const virtualizer = ref.current
  virtualizer.setOptions({ ...virtualizer.options, ...settings })
  // The names that adapters of the library call.
  const { _didMount: mount, _willUpdate: update } = virtualizer
  useLayoutEffect(() => mount(), [])
  useLayoutEffect(() => update())
  useLayoutEffect(() => virtualizer.measure(), [options.heightsKey])
  return virtualizer
}
