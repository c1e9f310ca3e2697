import { useSignal } from '@preact/signals'
import type { ComponentChildren, JSX } from 'preact'
import { useStore, useText } from '../store/store.ts'

/** Takes a file that is dropped anywhere on the asset, to be adopted. */
export function DropTarget({
  name,
  children,
}: {
  name: string
  children: ComponentChildren
}): JSX.Element {
  const store = useStore()
  const text = useText().actions.adopting
  const isOver = useSignal(false)
  const hasFile = (event: DragEvent): boolean =>
    store.canAct.value && (event.dataTransfer?.types.includes('Files') ?? false)
  return (
    <div
      class={isOver.value ? 'asset-body over' : 'asset-body'}
      onDragOver={(event) => {
        if (!hasFile(event)) return
        event.preventDefault()
        isOver.value = true
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) isOver.value = false
      }}
      onDrop={(event) => {
        if (!hasFile(event)) return
        event.preventDefault()
        isOver.value = false
        const file = event.dataTransfer?.files[0]
        if (file !== undefined) store.dialog.value = { kind: 'adopt', name, file }
      }}
    >
      {children}
      {isOver.value ? <p class="drop-veil">{text.dropNow}</p> : null}
    </div>
  )
}
