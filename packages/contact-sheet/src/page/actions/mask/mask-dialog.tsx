import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { AssetView } from '../../../protocol.ts'
import { Button } from '../../controls/button.tsx'
import { Dialog } from '../../controls/dialog.tsx'
import { urlsOfAsset } from '../../store/picture-url.ts'
import { useStore, useText } from '../../store/store.ts'
import { ZoomBar } from '../../viewer/zoom-bar.tsx'
import { fitted, type Zoom } from '../../viewer/zoom.ts'
import type { AssetDialogProps } from '../dialog-props.ts'
import { useDiscardGuard } from '../discard-guard.tsx'
import { Failure } from '../failure.tsx'
import { readBase64 } from '../read-upload.ts'
import { useAction } from '../use-action.ts'
import { type Brush, MaskPainter } from './mask-painter.tsx'
import { MaskRectangle, MaskTools } from './mask-tools.tsx'
import { useMaskCanvas } from './use-mask-canvas.ts'

/** Paints the area of a picture that an edit may change. */
export function MaskDialog({ view, onClose }: AssetDialogProps): JSX.Element {
  const { connection } = useStore()
  const text = useText().actions
  const { name, alt } = view.asset
  const { src, size } = useEditedPicture(view)
  const { width, height } = size
  const mask = useMaskCanvas(size)
  const zoom = useSignal<Zoom>(fitted)
  const brush = useSignal<Brush>({ tool: 'brush', size: Math.round(Math.min(width, height) / 8) })
  const action = useAction()
  const painted = mask.painted.value
  const guard = useDiscardGuard(painted > 0, onClose)
  const save = async (): Promise<void> => {
    const isDone = await action.take(async () => {
      const png = await readBase64(await mask.save())
      const { path } = await connection.call('mask', { name, png })
      return text.masking.done(path)
    })
    if (isDone) onClose()
  }
  const percent = painted < 0.01 && painted > 0 ? 1 : Math.round(painted * 100)
  return (
    <Dialog
      title={text.masking.title}
      isWide
      onClose={guard.close}
      actions={
        guard.question ?? (
          <>
            <ZoomBar zoom={zoom} />
            <span class="spring" />
            <output class="quiet" aria-live="polite">
              {painted === 0 ? text.masking.empty : text.masking.painted(percent)}
            </output>
            <Button onClick={guard.close}>{text.cancel}</Button>
            <Button
              look="primary"
              disabled={painted === 0 || action.isBusy}
              onClick={() => void save()}
            >
              {text.masking.save}
            </Button>
          </>
        )
      }
    >
      <p class="quiet">{text.masking.hint}</p>
      <MaskTools mask={mask} brush={brush} size={size} />
      <MaskPainter src={src} {...{ alt, size, mask, zoom, brush }} />
      <MaskRectangle mask={mask} size={size} />
      <p class="quiet">{text.masking.keys}</p>
      <Failure failure={action.failure} />
    </Dialog>
  )
}

/** The picture over which a mask is drawn: the one that the asset edits, else its own. */
function useEditedPicture({ asset, edits }: AssetView) {
  const { connection } = useStore()
  const { name, width, height } = asset
  if (edits === null) {
    const { best, small } = urlsOfAsset(connection, asset)
    return { src: best ?? small, size: { width, height } }
  }
  const src = connection.urlOf({ kind: 'input', asset: name, version: edits.version })
  return { src, size: { width: edits.width, height: edits.height } }
}
