import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { AssetView } from '../../../protocol.ts'
import { Button } from '../../controls/button.tsx'
import { Dialog } from '../../controls/dialog.tsx'
import { useStore, useText } from '../../store/store.ts'
import type { AssetDialogProps } from '../dialog-props.ts'
import { useDiscardGuard } from '../discard-guard.tsx'
import { EditEffect } from '../edit/edit-effect.tsx'
import { canSave, usePreview, withDigest } from '../edit/use-preview.ts'
import { Failure } from '../failure.tsx'
import { useAction } from '../use-action.ts'
import { type Focus, focusOfPosition } from './crop.ts'
import { Crops } from './crops.tsx'
import { FocusPicture } from './focus-picture.tsx'

/** Places the focal point of crops, and shows every crop as it moves. */
export function FocusDialog({ view, onClose }: AssetDialogProps): JSX.Element {
  const { connection } = useStore()
  const text = useText().actions
  const { name } = view.asset
  const first = useSignal(view.editable.focus).value
  const focus = useSignal<Focus | null>(first)
  const isMoved = focus.value !== null && (focus.value.x !== first?.x || focus.value.y !== first.y)
  const edit = isMoved ? { name, focus: focus.value! } : null
  const preview = usePreview(edit)
  const action = useAction()
  const guard = useDiscardGuard(isMoved, onClose)
  const save = async (): Promise<void> => {
    const isDone = await action.take(async () => {
      await connection.call('edit', withDigest(edit!, preview))
      return text.editing.saved(name)
    })
    if (isDone) onClose()
  }
  const point = focus.value ?? pointOf(view)
  return (
    <Dialog
      title={text.focus.title}
      isWide
      onClose={guard.close}
      actions={
        guard.question ?? (
          <>
            <Button onClick={() => (focus.value = { x: 0.5, y: 0.5 })}>{text.focus.reset}</Button>
            <span class="spring" />
            <Button onClick={guard.close}>{text.cancel}</Button>
            <Button
              look="primary"
              disabled={edit === null || !canSave(preview) || action.isBusy}
              onClick={() => void save()}
            >
              {text.editing.save}
            </Button>
          </>
        )
      }
    >
      <div class="edit-columns">
        <div class="focus-column">
          <div>
            <FocusPicture view={view} focus={point} onMove={(moved) => (focus.value = moved)} />
            <p class="quiet">{text.focus.hint}</p>
            {focus.value === null ? <p class="quiet">{text.focus.auto}</p> : null}
          </div>
          <EditEffect state={preview} />
        </div>
        <Crops view={view} focus={focus.value} />
      </div>
      <Failure failure={action.failure} />
    </Dialog>
  )
}

/** Where the point is drawn before there is one. */
function pointOf(view: AssetView): Focus {
  const positions = view.outputs.map(({ position }) => focusOfPosition(position))
  return positions.find((focus) => focus !== undefined) ?? { x: 0.5, y: 0.5 }
}
