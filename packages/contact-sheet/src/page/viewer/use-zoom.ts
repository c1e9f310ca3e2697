import { type Signal, useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'
import { actOnKey } from './zoom-keys.ts'
import { followPointers } from './zoom-pointers.ts'
import {
  actualScale,
  fitSize,
  fitted,
  type Offset,
  panBy,
  type Size,
  type Zoom,
  zoomBy,
} from './zoom.ts'

/** The size of an element's content, px, as it changes. */
export function useSize(ref: RefObject<HTMLElement | null>): Signal<Size> {
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
  frame: RefObject<HTMLElement | null>
  /** Size of the picture, px. */
  picture: () => Size
  zoom: Signal<Zoom>
  /** Whether one pointer and the keys draw instead of moving the picture. Two pointers still pinch. */
  isDrawing?: boolean
}

/** What moves a picture. Offsets are px from the middle of the frame. */
export type Mover = {
  zoom: Signal<Zoom>
  /** Size of the frame, px. */
  frameSize: () => Size
  pan(by: Offset): void
  zoomAt(factor: number, at: Offset): void
  /** Shows every pixel, or the whole picture again. */
  toggleActual(at: Offset): void
  fromCentre(event: { clientX: number; clientY: number }): Offset
}

function createMover(element: HTMLElement, picture: () => Size, zoom: Signal<Zoom>): Mover {
  const frameSize = (): Size => ({ width: element.clientWidth, height: element.clientHeight })
  const fit = (): Size => fitSize(picture(), frameSize())
  const zoomAt = (factor: number, at: Offset): void => {
    zoom.value = zoomBy(zoom.value, factor, at, fit())
  }
  return {
    zoom,
    frameSize,
    zoomAt,
    pan: (by) => {
      zoom.value = panBy(zoom.value, by, fit())
    },
    toggleActual: (at) => {
      const actual = actualScale(picture(), fit(), devicePixelRatio)
      if (zoom.value.scale > 1) zoom.value = fitted
      else zoomAt(actual > 1 ? actual : 2, at)
    },
    fromCentre: ({ clientX, clientY }) => {
      const box = element.getBoundingClientRect()
      return { x: clientX - box.left - box.width / 2, y: clientY - box.top - box.height / 2 }
    },
  }
}

/** Lets wheel, drag, pinch, double click and keys move a picture in its frame. */
export function useZoom({ frame, picture, zoom, isDrawing = false }: Zoomable): void {
  useEffect(() => {
    const element = frame.current!
    const mover = createMover(element, picture, zoom)
    const controller = new AbortController()
    const { signal } = controller
    followPointers(element, { mover, isDrawing, signal })
    const onWheel = (event: WheelEvent): void => {
      // Over a whole picture, a wheel scrolls the page, unless the picture has the focus.
      const isForPage = zoom.value.scale === 1 && !event.ctrlKey && !event.metaKey
      if (isForPage && !element.matches(':focus')) return
      event.preventDefault()
      const speed = event.ctrlKey ? 0.01 : 0.002
      mover.zoomAt(Math.exp(-event.deltaY * speed), mover.fromCentre(event))
    }
    element.addEventListener('wheel', onWheel, { passive: false, signal })
    if (!isDrawing) {
      element.addEventListener('dblclick', (event) => mover.toggleActual(mover.fromCentre(event)), {
        signal,
      })
      element.addEventListener('keydown', (event) => actOnKey(event, mover), { signal })
    }
    return () => controller.abort()
  }, [])
}
