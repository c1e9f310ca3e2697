import { type Signal, useSignal } from '@preact/signals'
import { type RefObject } from 'preact'
import { useEffect } from 'preact/hooks'
import { actualScale, fitSize, fitted, type Offset, panBy, type Size, type Zoom, zoomBy } from './zoom.ts'

/** How far one press of a key goes: a share of the frame, and a factor. */
const KEY_STEP = 0.15
const KEY_FACTOR = 1.4

/** The size of an element's content, px, as it changes. */
export function useSize(ref: RefObject<HTMLElement>): Signal<Size> {
  const size = useSignal<Size>({ width: 0, height: 0 })
  useEffect(() => {
    const element = ref.current!
    const measure = (): void => {
      size.value = { width: element.clientWidth, height: element.clientHeight }
    }
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    measure()
    return () => observer.disconnect()
  }, [])
  return size
}

type Zoomable = {
  frame: RefObject<HTMLElement>
  /** Of the picture, px; `null` until it is known. */
  picture: () => Size | null
  zoom: Signal<Zoom>
}

/** Lets wheel, drag, pinch, double click and keys move a picture in its frame. */
export function useZoom({ frame, picture, zoom }: Zoomable): void {
  useEffect(() => {
    const element = frame.current!
    const fit = (): Size | null => {
      const size = picture()
      return size && fitSize(size, { width: element.clientWidth, height: element.clientHeight })
    }
    const zoomAt = (factor: number, at: Offset): void => {
      const size = fit()
      if (size) zoom.value = zoomBy(zoom.value, factor, at, size)
    }
    const pan = (by: Offset): void => {
      const size = fit()
      if (size) zoom.value = panBy(zoom.value, by, size)
    }
    const toggleActual = (at: Offset): void => {
      const [size, natural] = [fit(), picture()]
      if (!size || !natural) return
      const actual = actualScale(natural, size, devicePixelRatio)
      if (zoom.value.scale > 1) zoom.value = fitted
      else zoomAt(actual > 1 ? actual : 2, at)
    }
    const fromCentre = (event: { clientX: number; clientY: number }): Offset => {
      const box = element.getBoundingClientRect()
      return {
        x: event.clientX - box.left - box.width / 2,
        y: event.clientY - box.top - box.height / 2,
      }
    }
    const stopPointers = followPointers(element, { pan, zoomAt, fromCentre })
    const onWheel = (event: WheelEvent): void => {
      // A wheel over a whole picture scrolls the page, unless it zooms as a pinch on a touchpad does.
      if (zoom.value.scale === 1 && !event.ctrlKey && !event.metaKey && !isFocused(element)) return
      event.preventDefault()
      zoomAt(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), fromCentre(event))
    }
    const onDoubleClick = (event: MouseEvent): void => toggleActual(fromCentre(event))
    const onKey = (event: KeyboardEvent): void => {
      const step = { x: element.clientWidth * KEY_STEP, y: element.clientHeight * KEY_STEP }
      const action = keyAction(event, { step, pan, zoomAt, toggleActual, isZoomed: zoom.value.scale > 1 })
      if (action === undefined) return
      event.preventDefault()
      event.stopPropagation()
      action === 'fit' ? (zoom.value = fitted) : action()
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    element.addEventListener('dblclick', onDoubleClick)
    element.addEventListener('keydown', onKey)
    return () => {
      stopPointers()
      element.removeEventListener('wheel', onWheel)
      element.removeEventListener('dblclick', onDoubleClick)
      element.removeEventListener('keydown', onKey)
    }
  }, [])
}

function isFocused(element: HTMLElement): boolean {
  return element === document.activeElement || element.contains(document.activeElement)
}

type KeyContext = {
  step: Offset
  pan: (by: Offset) => void
  zoomAt: (factor: number, at: Offset) => void
  toggleActual: (at: Offset) => void
  isZoomed: boolean
}

/** Returns what a key does with a picture; `undefined` if it is for the page. */
function keyAction(event: KeyboardEvent, context: KeyContext): (() => void) | 'fit' | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined
  const { step, pan, zoomAt, toggleActual, isZoomed } = context
  const middle = { x: 0, y: 0 }
  switch (event.key) {
    case '+':
    case '=':
      return () => zoomAt(KEY_FACTOR, middle)
    case '-':
      return () => zoomAt(1 / KEY_FACTOR, middle)
    case '0':
      return 'fit'
    case '1':
      return () => toggleActual(middle)
    case 'Escape':
      return isZoomed ? 'fit' : undefined
  }
  if (!isZoomed) return undefined
  // A whole picture leaves the arrows to the page, for the next asset.
  switch (event.key) {
    case 'ArrowLeft':
      return () => pan({ x: step.x, y: 0 })
    case 'ArrowRight':
      return () => pan({ x: -step.x, y: 0 })
    case 'ArrowUp':
      return () => pan({ x: 0, y: step.y })
    case 'ArrowDown':
      return () => pan({ x: 0, y: -step.y })
  }
  return undefined
}

type Gesture = {
  pan: (by: Offset) => void
  zoomAt: (factor: number, at: Offset) => void
  fromCentre: (event: { clientX: number; clientY: number }) => Offset
}

/** Follows one pointer that drags, or two that pinch. Returns a function that stops it. */
function followPointers(element: HTMLElement, { pan, zoomAt, fromCentre }: Gesture): () => void {
  const places = new Map<number, { clientX: number; clientY: number }>()
  const onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return
    element.setPointerCapture(event.pointerId)
    places.set(event.pointerId, event)
  }
  const onMove = (event: PointerEvent): void => {
    const before = places.get(event.pointerId)
    if (before === undefined) return
    const other = [...places].find(([id]) => id !== event.pointerId)?.[1]
    places.set(event.pointerId, event)
    const by = { x: event.clientX - before.clientX, y: event.clientY - before.clientY }
    if (other === undefined) pan(by)
    else {
      const middle = {
        clientX: (event.clientX + other.clientX) / 2,
        clientY: (event.clientY + other.clientY) / 2,
      }
      zoomAt(distance(event, other) / Math.max(1, distance(before, other)), fromCentre(middle))
      pan({ x: by.x / 2, y: by.y / 2 })
    }
  }
  const onUp = (event: PointerEvent): void => void places.delete(event.pointerId)
  element.addEventListener('pointerdown', onDown)
  element.addEventListener('pointermove', onMove)
  element.addEventListener('pointerup', onUp)
  element.addEventListener('pointercancel', onUp)
  return () => {
    element.removeEventListener('pointerdown', onDown)
    element.removeEventListener('pointermove', onMove)
    element.removeEventListener('pointerup', onUp)
    element.removeEventListener('pointercancel', onUp)
  }
}

function distance(
  a: { clientX: number; clientY: number },
  b: { clientX: number; clientY: number },
): number {
  return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY)
}
