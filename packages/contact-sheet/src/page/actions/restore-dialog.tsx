import type { JSX } from 'preact'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { urlsOfAsset } from '../store/picture-url.ts'
import { useStore, useText } from '../store/store.ts'
import type { AssetDialogProps, AssetDialogRequest } from './dialog-props.ts'
import { Failure } from './failure.tsx'
import { useAction } from './use-action.ts'

/** Asks before an earlier picture becomes the master again. */
export function RestoreDialog({
  view,
  request,
  onClose,
}: AssetDialogProps<Extract<AssetDialogRequest, { kind: 'restore' }>>): JSX.Element {
  const { connection } = useStore()
  const text = useText()
  const action = useAction()
  const { name } = request
  const now = urlsOfAsset(connection, view.asset).small
  const then = connection.urlOf({ kind: 'earlier', asset: name, id: request.id })
  const restore = async (): Promise<void> => {
    const isDone = await action.take(async () => {
      await connection.call('restore', { name, id: request.id })
      return text.actions.restoring.done
    })
    if (isDone) onClose()
  }
  return (
    <Dialog
      title={text.actions.restoring.title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button look="primary" disabled={action.isBusy} onClick={() => void restore()}>
            {text.actions.restore}
          </Button>
        </>
      }
    >
      <div class="two-pictures">
        <figure>
          <img src={now ?? ''} alt="" />
          <figcaption>{text.asset.compare.now}</figcaption>
        </figure>
        <figure>
          <img src={then ?? ''} alt="" />
          <figcaption>{text.asset.compare.before}</figcaption>
        </figure>
      </div>
      <p>{text.actions.restoring.text}</p>
      <p class="quiet">{text.actions.restoring.stale}</p>
      <Failure failure={action.failure} />
    </Dialog>
  )
}
