import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { useText } from '../store/store.ts'
import { Button } from './button.tsx'

type DialogOptions = {
  title: string
  /** Called when a person closes it: with Escape, its button, or a click beside it. */
  onClose: () => void
  isWide?: boolean
  /** Buttons at the bottom. */
  actions?: ComponentChildren
  children: ComponentChildren
}

/**
 * Shows a modal dialog as long as it is rendered. The browser keeps the focus inside, and it
 * returns to where it was.
 */
export function Dialog({ title, onClose, isWide, actions, children }: DialogOptions): JSX.Element {
  const ref = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  const text = useText()
  useEffect(() => {
    const dialog = ref.current
    const before = document.activeElement
    dialog?.showModal()
    return () => {
      dialog?.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={ref}
      class={isWide ? 'dialog wide' : 'dialog'}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onPointerDown={(event) => {
        if (event.target === ref.current) onClose()
      }}
    >
      <div class="dialog-head">
        <h2 id={titleId}>{title}</h2>
        <Button look="plain" icon="close" label={text.close} onClick={onClose} />
      </div>
      <div class="dialog-body">{children}</div>
      {actions === undefined ? null : <div class="dialog-actions">{actions}</div>}
    </dialog>
  )
}
