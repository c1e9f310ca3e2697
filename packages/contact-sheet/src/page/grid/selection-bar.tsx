import type { JSX } from 'preact'
import { Button } from '../controls/button.tsx'
import { useStore, useText } from '../store/store.ts'

/** What can be done with the selected pictures. */
export function SelectionBar(): JSX.Element | null {
  const { grid, canAct, dialog } = useStore()
  const text = useText()
  const { selection } = grid
  if (selection.value.size === 0) return null
  const generate = (force: boolean) => {
    dialog.value = { kind: 'generate', names: [...selection.value], force }
  }
  return (
    <section class="selection" aria-label={text.grid.selection}>
      <p role="status">{text.grid.selected(selection.value.size)}</p>
      {canAct.value ? (
        <>
          <Button look="primary" onClick={() => generate(false)}>
            {text.grid.generateStale}
          </Button>
          <Button onClick={() => generate(true)}>{text.grid.regenerate}</Button>
        </>
      ) : null}
      <Button
        look="plain"
        icon="close"
        label={text.grid.clearSelection}
        onClick={() => (selection.value = new Set())}
      />
    </section>
  )
}
