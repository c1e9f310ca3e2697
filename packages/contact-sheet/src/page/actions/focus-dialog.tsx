import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import type { AssetView, SheetOutput } from '../../protocol.ts'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { urlsOfAsset } from '../store/picture-url.ts'
import { useStore, useText } from '../store/store.ts'
import { cropAround, type Focus, focusOfPosition, roundFocus } from './crop.ts'
import type { AssetDialogProps } from './dialog-props.ts'
import { useDiscardGuard } from './discard-guard.tsx'
import { EditEffect } from './edit/edit-effect.tsx'
import { canSave, usePreview, withDigest } from './edit/use-preview.ts'
import { Failure } from './failure.tsx'
import { useAction } from './use-action.ts'

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

const stepByKey: Record<string, Focus> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
}

type FocusPictureProps = { view: AssetView; focus: Focus; onMove: (focus: Focus) => void }

/** The master with the point on it. */
function FocusPicture({ view, focus, onMove }: FocusPictureProps): JSX.Element {
  const { connection } = useStore()
  const text = useText().actions.focus
  const area = useRef<HTMLDivElement>(null)
  const { best, small } = urlsOfAsset(connection, view.asset)
  const { x, y } = focus
  const moveTo = (event: PointerEvent): void => {
    const box = area.current!.getBoundingClientRect()
    onMove(
      roundFocus({
        x: (event.clientX - box.left) / box.width,
        y: (event.clientY - box.top) / box.height,
      }),
    )
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = stepByKey[event.key]
    if (step === undefined) return
    event.preventDefault()
    const size = event.shiftKey ? 0.1 : 0.01
    onMove(roundFocus({ x: x + step.x * size, y: y + step.y * size }))
  }
  return (
    <div
      class="focus-picture"
      ref={area}
      style={{ aspectRatio: `${view.asset.width} / ${view.asset.height}` }}
      onPointerDown={(event) => {
        event.preventDefault()
        area.current!.setPointerCapture(event.pointerId)
        area.current!.querySelector<HTMLElement>('.focus-point')?.focus()
        moveTo(event)
      }}
      onPointerMove={(event) => {
        if (area.current!.hasPointerCapture(event.pointerId)) moveTo(event)
      }}
    >
      <img src={best ?? small ?? ''} alt={view.asset.alt} draggable={false} />
      <span
        class="focus-point"
        role="slider"
        tabIndex={0}
        aria-label={text.point}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(x * 100)}
        aria-valuetext={text.value(Math.round(x * 100), Math.round(y * 100))}
        style={{ left: `${x * 100}%`, top: `${y * 100}%` }}
        onKeyDown={onKeyDown}
      />
    </div>
  )
}

/** One crop for every shape that the outputs have. */
function Crops({ view, focus }: { view: AssetView; focus: Focus | null }): JSX.Element {
  const text = useText().actions.focus
  const cropped = shapesOf(view.outputs)
  return (
    <section aria-label={text.previews}>
      <h3>{text.previews}</h3>
      {cropped.length === 0 ? <p class="quiet">{text.noCrops}</p> : null}
      <ul class="crops">
        {cropped.map((output) => (
          <li key={output.preset}>
            <Crop view={view} output={output} focus={focus} />
            <span>{output.preset}</span>
            <span class="quiet">{`${output.width} × ${output.height}`}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The largest cropped output of every preset. */
function shapesOf(outputs: readonly SheetOutput[]): SheetOutput[] {
  const byPreset = new Map<string, SheetOutput>()
  for (const output of outputs) {
    const known = byPreset.get(output.preset)
    if (output.fit === 'cover' && (known === undefined || known.width < output.width)) {
      byPreset.set(output.preset, output)
    }
  }
  return [...byPreset.values()]
}

function Crop({
  view,
  output,
  focus,
}: {
  view: AssetView
  output: SheetOutput
  focus: Focus | null
}): JSX.Element {
  const { connection } = useStore()
  const master = { width: view.asset.width, height: view.asset.height }
  const place = focus ?? focusOfPosition(output.position)
  const { best, small } = urlsOfAsset(connection, view.asset)
  const { file, version } = output
  // A crop that the server found is shown as it derived it.
  if (place === undefined) {
    const url = connection.urlOf({ kind: 'output', asset: view.asset.name, file, version })
    return <img class="crop" src={url ?? small ?? ''} alt="" />
  }
  const region = cropAround(master, output, place)
  return (
    <span class="crop" style={{ aspectRatio: `${output.width} / ${output.height}` }}>
      <img
        src={best ?? small ?? ''}
        alt=""
        style={{
          width: `${(master.width / region.width) * 100}%`,
          height: `${(master.height / region.height) * 100}%`,
          left: `${(-region.left / region.width) * 100}%`,
          top: `${(-region.top / region.height) * 100}%`,
        }}
      />
    </span>
  )
}
