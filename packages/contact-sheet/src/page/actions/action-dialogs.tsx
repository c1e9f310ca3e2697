import type { JSX } from 'preact'
import { useStore } from '../store/store.ts'

/** Shows the dialog that `store.dialog` asks for, if it writes or spends. */
export function ActionDialogs(): JSX.Element | null {
  const { dialog } = useStore()
  return dialog.value?.kind === 'generate' ? <dialog open>{dialog.value.kind}</dialog> : null
}
