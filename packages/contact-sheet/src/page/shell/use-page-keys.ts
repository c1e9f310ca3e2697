import { useEffect } from 'preact/hooks'
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
    go({ view: 'grid' })
    requestAnimationFrame(() => dispatchEvent(new CustomEvent('limn:search', { cancelable: true })))
  } else if (key === 'Escape' && route.value.view !== 'grid') {
    go({ view: 'grid' })
  } else if (key === 'Escape' && grid.selection.value.size > 0) {
    grid.selection.value = new Set()
  } else return false
  return true
}
