import type { Mover } from './mover.ts'
import { fitted } from './zoom.ts'

/** How far one press of a key goes: a share of the frame, and a factor. */
const STEP = 0.15
const FACTOR = 1.4

const middle = { x: 0, y: 0 }

/** Directions in which the arrow keys move what is seen: the picture goes the other way. */
const directions: Record<string, { x: number; y: number }> = {
  ArrowLeft: { x: 1, y: 0 },
  ArrowRight: { x: -1, y: 0 },
  ArrowUp: { x: 0, y: 1 },
  ArrowDown: { x: 0, y: -1 },
}

/** Does what a key says. A whole picture leaves arrows and Escape to the page. */
export function actOnKey(event: KeyboardEvent, mover: Mover): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const act = actionOf(event.key, mover)
  if (act === undefined) return
  event.preventDefault()
  event.stopPropagation()
  act()
}

function actionOf(key: string, mover: Mover): (() => void) | undefined {
  const { zoom, zoomAt, toggleActual, pan, frameSize } = mover
  if (key === '+' || key === '=') return () => zoomAt(FACTOR, middle)
  if (key === '-') return () => zoomAt(1 / FACTOR, middle)
  if (key === '0') return () => (zoom.value = fitted)
  if (key === '*') return () => toggleActual(middle)
  if (zoom.value.scale === 1) return undefined
  if (key === 'Escape') return () => (zoom.value = fitted)
  const direction = directions[key]
  if (direction === undefined) return undefined
  const { width, height } = frameSize()
  return () => pan({ x: direction.x * width * STEP, y: direction.y * height * STEP })
}
