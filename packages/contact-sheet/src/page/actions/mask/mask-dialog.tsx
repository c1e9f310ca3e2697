import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
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
  const { name, width, height, alt } = view.asset
  const size = { width, height }
  const mask = useMaskCanvas(size)
  const zoom = useSignal<Zoom>(fitted)
  const brush = useSignal<Brush>({ tool: 'brush', size: Math.round(Math.min(width, height) / 8) })
  const action = useAction()
  const painted = mask.painted.value
  const guard = useDiscardGuard(painted > 0, onClose)
  const { best, small } = urlsOfAsset(connection, view.asset)
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
      <MaskPainter src={best ?? small} {...{ alt, size, mask, zoom, brush }} />
      <MaskRectangle mask={mask} size={size} />
      <p class="quiet">{text.masking.keys}</p>
      <Failure failure={action.failure} />
    </Dialog>
  )
}
