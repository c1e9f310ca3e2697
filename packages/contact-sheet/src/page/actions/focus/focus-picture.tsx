import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import type { AssetView } from '../../../protocol.ts'
import { urlsOfAsset } from '../../store/picture-url.ts'
import { useStore, useText } from '../../store/store.ts'
import { type Focus, roundFocus } from './crop.ts'

const stepByKey: Record<string, Focus> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
}

type FocusPictureProps = { view: AssetView; focus: Focus; onMove: (focus: Focus) => void }

/** The master with the point on it, which pointer and arrow keys move. */
export function FocusPicture({ view, focus, onMove }: FocusPictureProps): JSX.Element {
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
