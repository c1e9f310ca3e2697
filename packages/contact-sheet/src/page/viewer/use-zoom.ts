import { type Signal, useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'
import { createMover } from './mover.ts'
import { actOnKey } from './zoom-keys.ts'
import { followPointers } from './zoom-pointers.ts'
import type { Size, Zoom } from './zoom.ts'

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
