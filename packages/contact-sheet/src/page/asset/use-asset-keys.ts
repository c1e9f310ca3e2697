import { useLayoutEffect } from 'preact/hooks'
import { parseRoute } from '../store/route.ts'
import { type Store, useStore } from '../store/store.ts'
import { neighboursOf } from './neighbours.ts'

const previousKeys = new Set(['ArrowLeft', 'k'])
const nextKeys = new Set(['ArrowRight', 'j'])

/** Goes to the previous and the next asset with keys, and edits with `e`. */
export function useAssetKeys(): void {
  const store = useStore()
  // Before the browser draws, so that no key is lost between two assets.
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (store.dialog.value !== null || isTyping(event.target)) return
      if (actOnKey(event.key, store)) event.preventDefault()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
}

/** Does what a key says. Returns whether it says anything. */
function actOnKey(key: string, { go, grid, dialog, canAct }: Store): boolean {
  // The address is ahead of the view when keys follow each other fast.
  const route = parseRoute(location.hash)
  if (route.view !== 'asset') return false
  const { name } = route
  const { previous, next } = neighboursOf(name, grid.order.peek())
  const target = previousKeys.has(key) ? previous : nextKeys.has(key) ? next : null
  if (target !== null) go({ view: 'asset', name: target })
  else if (key === 'e' && canAct.value) dialog.value = { kind: 'edit', name }
  else return false
  return true
}

/** Whether keys are for a field, or for a control that arrows move. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [role=tablist], [role=slider], .menu, .line-diff') !==
      null
  )
}
