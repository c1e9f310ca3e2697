import type { Mover } from './mover.ts'

type Place = { clientX: number; clientY: number }
type Following = { mover: Mover; isDrawing: boolean; signal: AbortSignal }

/** Follows one pointer that drags, or two that pinch, until the signal. */
export function followPointers(
  element: HTMLElement,
  { mover, isDrawing, signal }: Following,
): void {
  const places = new Map<number, Place>()
  const onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return
    if (!isDrawing) element.setPointerCapture(event.pointerId)
    places.set(event.pointerId, event)
  }
  const onMove = (event: PointerEvent): void => {
    const before = places.get(event.pointerId)
    if (before === undefined) return
    places.set(event.pointerId, event)
    const other = [...places].find(([id]) => id !== event.pointerId)?.[1]
    const by = { x: event.clientX - before.clientX, y: event.clientY - before.clientY }
    if (other !== undefined) pinch({ before, now: event, other, by }, mover)
    else if (!isDrawing) mover.pan(by)
  }
  const onUp = (event: PointerEvent): void => void places.delete(event.pointerId)
  element.addEventListener('pointerdown', onDown, { signal })
  element.addEventListener('pointermove', onMove, { signal })
  element.addEventListener('pointerup', onUp, { signal })
  element.addEventListener('pointercancel', onUp, { signal })
}

type Pinch = { before: Place; now: Place; other: Place; by: { x: number; y: number } }

/** One finger of two has moved: zooms by the change of their distance, around their middle. */
function pinch({ before, now, other, by }: Pinch, mover: Mover): void {
  const middle = {
    clientX: (now.clientX + other.clientX) / 2,
    clientY: (now.clientY + other.clientY) / 2,
  }
  const factor = distance(now, other) / Math.max(1, distance(before, other))
  mover.zoomAt(factor, mover.fromCentre(middle))
  mover.pan({ x: by.x / 2, y: by.y / 2 })
}

function distance(a: Place, b: Place): number {
  return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY)
}
