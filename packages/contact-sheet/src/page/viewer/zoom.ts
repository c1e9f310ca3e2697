/*
 * How a picture lies in its frame. All panes of one comparison share one `Zoom`, so it counts in
 * shares of the picture: panes and pictures of other sizes show the same part.
 */

/** The part that is shown: its centre as shares of the picture, and how many times the fit. */
export type Zoom = { scale: number; x: number; y: number }

/** px. */
export type Size = { width: number; height: number }

/** A place in the frame, px from its centre. */
export type Offset = { x: number; y: number }

/** The whole picture. */
export const fitted: Zoom = { scale: 1, x: 0.5, y: 0.5 }

const MAX_SCALE = 32

/** Returns the size of a picture that is just contained in a frame, never larger than itself. */
export function fitSize(picture: Size, frame: Size): Size {
  const scale = Math.min(frame.width / picture.width, frame.height / picture.height, 1)
  return { width: picture.width * scale, height: picture.height * scale }
}

/** Zooms by a factor around a place in the frame, which stays where it is. */
export function zoomBy(zoom: Zoom, factor: number, at: Offset, fit: Size): Zoom {
  const scale = clamp(zoom.scale * factor, 1, MAX_SCALE)
  const kept = 1 / zoom.scale - 1 / scale
  return keepInside({
    scale,
    x: zoom.x + (at.x / fit.width) * kept,
    y: zoom.y + (at.y / fit.height) * kept,
  })
}

/** Moves the picture with the pointer, px. */
export function panBy(zoom: Zoom, by: Offset, fit: Size): Zoom {
  return keepInside({
    scale: zoom.scale,
    x: zoom.x - by.x / (fit.width * zoom.scale),
    y: zoom.y - by.y / (fit.height * zoom.scale),
  })
}

/** Returns the scale at which one pixel of a picture is one pixel of the screen. */
export function actualScale(picture: Size, fit: Size, pixelRatio: number): number {
  return clamp(picture.width / (fit.width * pixelRatio), 1, MAX_SCALE)
}

/** Keeps the edges of the picture out of the frame, or the picture in its middle. */
function keepInside({ scale, x, y }: Zoom): Zoom {
  const half = 0.5 / scale
  return { scale, x: clamp(x, half, 1 - half), y: clamp(y, half, 1 - half) }
}

/** What `transform` of a picture that is centred in its frame has to be. */
export function transformOf({ scale, x, y }: Zoom, fit: Size): string {
  const left = (0.5 - x) * fit.width * scale
  const top = (0.5 - y) * fit.height * scale
  return `translate(${left.toFixed(2)}px, ${top.toFixed(2)}px) scale(${scale.toFixed(4)})`
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value))
}
