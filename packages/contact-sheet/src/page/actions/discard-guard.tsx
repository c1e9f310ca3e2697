import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Button } from '../controls/button.tsx'
import { useText } from '../store/store.ts'

/**
 * Keeps a dialog with unsaved work open until a person says that it may be lost. `question` takes
 * the place of the dialog's buttons meanwhile.
 */
export function useDiscardGuard(
  hasWork: boolean,
  onClose: () => void,
): { close: () => void; question: JSX.Element | null } {
  const isAsking = useSignal(false)
  useEffect(() => {
    if (!hasWork) isAsking.value = false
  }, [hasWork])
  const close = (): void => {
    if (hasWork) isAsking.value = true
    else onClose()
  }
  const question = isAsking.value ? (
    <Question onDiscard={onClose} onKeep={() => (isAsking.value = false)} />
  ) : null
  return { close, question }
}

function Question({
  onDiscard,
  onKeep,
}: {
  onDiscard: () => void
  onKeep: () => void
}): JSX.Element {
  const text = useText().actions.discard
  const row = useRef<HTMLSpanElement>(null)
  useEffect(() => row.current?.querySelector('button')?.focus(), [])
  return (
    <span class="discard" ref={row} role="alert">
      <span>{text.question}</span>
      <Button onClick={onKeep}>{text.keep}</Button>
      <Button look="danger" onClick={onDiscard}>
        {text.discard}
      </Button>
    </span>
  )
}
