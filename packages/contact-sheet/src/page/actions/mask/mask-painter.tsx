import { type Signal, useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { useText } from '../../store/store.ts'
import { useSize, useZoom } from '../../viewer/use-zoom.ts'
import { fitSize, transformOf, type Zoom } from '../../viewer/zoom.ts'
import type { MaskStep } from './mask-strokes.ts'
import type { MaskCanvas } from './use-mask-canvas.ts'

/** What paints, and how large it is: diameter in px of the picture. */
export type Brush = { tool: 'brush' | 'eraser' | 'rectangle'; size: number }

type Point = { x: number; y: number }

type MaskPainterProps = {
  src: string | null
  alt: string
  /** Of the picture, px. */
  size: { width: number; height: number }
  mask: MaskCanvas
  zoom: Signal<Zoom>
  brush: Signal<Brush>
}

/** The picture with the mask over it. Pointers paint; keys move a brush and paint too. */
export function MaskPainter({ src, alt, size, mask, zoom, brush }: MaskPainterProps): JSX.Element {
  const text = useText().actions.masking
  const frame = useRef<HTMLDivElement>(null)
  const frameSize = useSize(frame)
  useZoom({ frame, picture: () => size, zoom, isDrawing: true })
  const fit = fitSize(size, frameSize.value)
  const cursor = useSignal<Point | null>(null)
  const toPicture = useToPicture(frame, { fit, zoom, size })
  const strokes = useStrokes({ mask, brush, toPicture, cursor })
  const onKeyDown = useBrushKeys({ mask, brush, cursor, size })
  const style = {
    width: `${fit.width}px`,
    height: `${fit.height}px`,
    transform: transformOf(zoom.value, fit),
  }
  return (
    <div
      class="mask-frame"
      style={{ aspectRatio: `${size.width} / ${size.height}` }}
      ref={frame}
      tabIndex={0}
      role="application"
      aria-label={text.canvas}
      aria-description={text.keys}
      onKeyDown={onKeyDown}
      onFocus={() => (cursor.value ??= { x: size.width / 2, y: size.height / 2 })}
      {...strokes}
    >
      <img src={src ?? ''} alt={alt} draggable={false} style={style} />
      <canvas ref={mask.canvas} width={size.width} height={size.height} style={style} />
      <div class="mask-cursor-layer" style={style} aria-hidden="true">
        <Cursor place={cursor.value} brush={brush.value} size={size} />
      </div>
    </div>
  )
}

function Cursor({
  place,
  brush,
  size,
}: {
  place: Point | null
  brush: Brush
  size: { width: number; height: number }
}): JSX.Element | null {
  if (place === null) return null
  return (
    <i
      class={`mask-cursor ${brush.tool}`}
      style={{
        left: `${(place.x / size.width) * 100}%`,
        top: `${(place.y / size.height) * 100}%`,
        width: `${(brush.size / size.width) * 100}%`,
        height: `${(brush.size / size.height) * 100}%`,
      }}
    />
  )
}

type Projection = {
  fit: { width: number; height: number }
  zoom: Signal<Zoom>
  size: { width: number; height: number }
}

/** Returns where in the picture a pointer is, px. */
function useToPicture(frame: { current: HTMLElement | null }, { fit, zoom, size }: Projection) {
  return (event: PointerEvent): Point => {
    const box = frame.current!.getBoundingClientRect()
    const at = {
      x: event.clientX - box.left - box.width / 2,
      y: event.clientY - box.top - box.height / 2,
    }
    const { scale, x, y } = zoom.value
    return {
      x: (x + at.x / (fit.width * scale)) * size.width,
      y: (y + at.y / (fit.height * scale)) * size.height,
    }
  }
}

type Stroking = {
  mask: MaskCanvas
  brush: Signal<Brush>
  toPicture: (event: PointerEvent) => Point
  cursor: Signal<Point | null>
}

/** Turns what one pointer does into steps of the mask. A second pointer ends the stroke: it pinches. */
function useStrokes({ mask, brush, toPicture, cursor }: Stroking) {
  const stroke = useRef<{ id: number; points: Point[] } | null>(null)
  const finish = (): void => {
    const points = stroke.current?.points ?? []
    stroke.current = null
    if (points.length > 0) mask.add(stepOf(brush.value, points))
  }
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return
      if (stroke.current !== null) {
        stroke.current = null
        return
      }
      ;(event.currentTarget as HTMLElement).setPointerCapture(event.pointerId)
      stroke.current = { id: event.pointerId, points: [toPicture(event)] }
      if (brush.value.tool !== 'rectangle') mask.show(stepOf(brush.value, stroke.current.points))
    },
    onPointerMove: (event: PointerEvent) => {
      cursor.value = toPicture(event)
      if (stroke.current?.id !== event.pointerId) return
      const { points } = stroke.current
      const moves = event.getCoalescedEvents?.() ?? [event]
      const last = points.at(-1)!
      points.push(...(moves.length === 0 ? [event] : moves).map(toPicture))
      if (brush.value.tool !== 'rectangle') {
        mask.show(stepOf(brush.value, [last, ...points.slice(points.indexOf(last) + 1)]))
      }
    },
    onPointerUp: (event: PointerEvent) => {
      if (stroke.current?.id === event.pointerId) finish()
    },
    onPointerCancel: () => {
      stroke.current = null
    },
  }
}

/** Returns the step that a tool draws through points. */
function stepOf({ tool, size }: Brush, points: readonly Point[]): MaskStep {
  if (tool !== 'rectangle') {
    return { kind: 'stroke', points: [...points], radius: size / 2, erases: tool === 'eraser' }
  }
  const [first, last] = [points[0]!, points.at(-1)!]
  return {
    kind: 'rectangle',
    left: Math.min(first.x, last.x),
    top: Math.min(first.y, last.y),
    width: Math.abs(first.x - last.x),
    height: Math.abs(first.y - last.y),
    erases: false,
  }
}

const directions: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
}

type BrushKeys = {
  mask: MaskCanvas
  brush: Signal<Brush>
  cursor: Signal<Point | null>
  size: { width: number; height: number }
}

/** Moves the brush and paints with keys. With Shift, an arrow goes a quarter of the brush. */
function useBrushKeys({ mask, brush, cursor, size }: BrushKeys) {
  return (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const place = cursor.value ?? { x: size.width / 2, y: size.height / 2 }
    const direction = directions[event.key]
    const { tool } = brush.value
    const acts: Record<string, () => void> = {
      ' ': () =>
        mask.add(
          stepOf(tool === 'rectangle' ? { ...brush.value, tool: 'brush' } : brush.value, [place]),
        ),
      e: () => (brush.value = { ...brush.value, tool: tool === 'eraser' ? 'brush' : 'eraser' }),
      '[': () => (brush.value = { ...brush.value, size: Math.max(4, brush.value.size / 1.25) }),
      ']': () =>
        (brush.value = { ...brush.value, size: Math.min(size.width, brush.value.size * 1.25) }),
      z: () => mask.undo(),
    }
    const act = direction === undefined ? acts[event.key.toLowerCase()] : undefined
    if (direction === undefined && act === undefined) return
    event.preventDefault()
    event.stopPropagation()
    act?.()
    if (direction === undefined) return
    const step = brush.value.size / (event.shiftKey ? 4 : 1)
    cursor.value = {
      x: Math.min(size.width, Math.max(0, place.x + direction.x * step)),
      y: Math.min(size.height, Math.max(0, place.y + direction.y * step)),
    }
  }
}
