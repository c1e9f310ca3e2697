import type { Signal } from '@preact/signals'
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

/** Creates what moves a picture in its frame. */
export function createMover(element: HTMLElement, picture: () => Size, zoom: Signal<Zoom>): Mover {
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
