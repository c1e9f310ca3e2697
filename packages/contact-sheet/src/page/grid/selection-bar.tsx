import type { JSX } from 'preact'
import { Button } from '../controls/button.tsx'
import { useStore, useText } from '../store/store.ts'

/** What can be done with the selected pictures. */
export function SelectionBar(): JSX.Element | null {
  const { grid, canAct, dialog, assetByName } = useStore()
  const text = useText()
  const { selection } = grid
  // What was selected may be gone since.
  const names = [...selection.value].filter((name) => assetByName.value.has(name))
  if (names.length === 0) return null
  const generate = (force: boolean) => {
    dialog.value = { kind: 'generate', names, force }
  }
  return (
    <section class="selection" aria-label={text.grid.selection}>
      <p role="status">{text.grid.selected(names.length)}</p>
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
