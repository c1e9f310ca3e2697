import { useEffect } from 'preact/hooks'
import { useStore } from '../store/store.ts'
import { neighboursOf } from './neighbours.ts'

const previousKeys = new Set(['ArrowLeft', 'k'])
const nextKeys = new Set(['ArrowRight', 'j'])

/** Goes to the previous and the next asset with keys, and edits with `e`. */
export function useAssetKeys(name: string): void {
  const store = useStore()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (store.dialog.value !== null || isTyping(event.target)) return
      const { previous, next } = neighboursOf(name, store.grid.order.peek())
      const target = previousKeys.has(event.key) ? previous : nextKeys.has(event.key) ? next : null
      if (target !== null) {
        event.preventDefault()
        store.go({ view: 'asset', name: target })
      } else if (event.key === 'e' && store.canAct.value) {
        event.preventDefault()
        store.dialog.value = { kind: 'edit', name }
      }
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [name])
}

/** Whether keys are for a field, or for a control that arrows move. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [role=tablist], [role=slider], .menu, .line-diff') !==
      null
  )
}
