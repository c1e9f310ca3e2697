import { useEffect } from 'preact/hooks'
import type { Route } from '../store/route.ts'
import { type Store, useStore } from '../store/store.ts'

/** Listens to the keys that work everywhere: `/`, `?`, Escape, and `g` with a view. */
export function usePageKeys(): void {
  const store = useStore()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (isTyping(event.target) || document.querySelector('dialog[open]') !== null) return
      if (act(event.key, store)) event.preventDefault()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')
  )
}

/** Does what a key stands for. Returns whether it stands for anything. */
function act(key: string, { dialog, grid, route, go }: Store): boolean {
  if (key === '?') {
    dialog.value = { kind: 'help' }
  } else if (key === '/') {
    focusSearch(route.value.view, go)
  } else if (key === 'Escape' && route.value.view !== 'grid') {
    go({ view: 'grid' })
  } else if (key === 'Escape' && grid.selection.value.size > 0) {
    grid.selection.value = new Set()
  } else return false
  return true
}

/** Gives the search the focus: at once in the grid, so that no letter that follows is lost. */
function focusSearch(view: Route['view'], go: Store['go']): void {
  const focus = () => dispatchEvent(new CustomEvent('limn:search'))
  if (view === 'grid') {
    focus()
    return
  }
  go({ view: 'grid' })
  addEventListener('hashchange', () => requestAnimationFrame(focus), { once: true })
}
