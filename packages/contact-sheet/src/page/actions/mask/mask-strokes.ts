/*
 * What a person draws on a mask: strokes, clears and inversions, in order. The canvas is drawn from
 * them, so undo and redo only move an index.
 */

/** One thing that was drawn. Places and sizes are px of the picture. */
export type MaskStep =
  | { kind: 'stroke'; points: { x: number; y: number }[]; radius: number; erases: boolean }
  | { kind: 'rectangle'; left: number; top: number; width: number; height: number; erases: boolean }
  | { kind: 'clear' }
  | { kind: 'invert' }

/** The steps, and how many of them count: those after are undone. */
export type MaskHistory = { steps: readonly MaskStep[]; count: number }

/** What a painted area looks like over the picture. The saved mask has no colour. */
const MASK_COLOUR = '#e0218a'

export const emptyMask: MaskHistory = { steps: [], count: 0 }

/** Adds a step. Undone steps are forgotten. */
export function addStep(history: MaskHistory, step: MaskStep): MaskHistory {
  const steps = [...history.steps.slice(0, history.count), step]
  return { steps, count: steps.length }
}

export function undo(history: MaskHistory): MaskHistory {
  return { ...history, count: Math.max(0, history.count - 1) }
}

export function redo(history: MaskHistory): MaskHistory {
  return { ...history, count: Math.min(history.steps.length, history.count + 1) }
}

/** What of a canvas' context a mask needs. */
export type MaskContext = Pick<
  CanvasRenderingContext2D,
  | 'globalCompositeOperation'
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'lineCap'
  | 'lineJoin'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'arc'
  | 'fill'
  | 'stroke'
  | 'fillRect'
  | 'clearRect'
>

/** Draws the area that may change, opaque on transparent. */
export function drawMask(
  context: MaskContext,
  history: MaskHistory,
  size: { width: number; height: number },
): void {
  context.globalCompositeOperation = 'source-over'
  context.clearRect(0, 0, size.width, size.height)
  for (const step of history.steps.slice(0, history.count)) drawStep(context, step, size)
  context.globalCompositeOperation = 'source-over'
}

/** Draws one more step onto what is there. */
export function drawStep(
  context: MaskContext,
  step: MaskStep,
  size: { width: number; height: number },
): void {
  context.fillStyle = MASK_COLOUR
  context.strokeStyle = MASK_COLOUR
  if (step.kind === 'clear') {
    context.clearRect(0, 0, size.width, size.height)
    return
  }
  if (step.kind === 'invert') {
    context.globalCompositeOperation = 'source-out'
    context.fillRect(0, 0, size.width, size.height)
    context.globalCompositeOperation = 'source-over'
    return
  }
  context.globalCompositeOperation = step.erases ? 'destination-out' : 'source-over'
  if (step.kind === 'rectangle') context.fillRect(step.left, step.top, step.width, step.height)
  else drawStroke(context, step)
  context.globalCompositeOperation = 'source-over'
}

function drawStroke(context: MaskContext, { points, radius }: MaskStep & { kind: 'stroke' }): void {
  const first = points[0]
  if (first === undefined) return
  context.beginPath()
  context.arc(first.x, first.y, radius, 0, Math.PI * 2)
  context.fill()
  if (points.length === 1) return
  context.lineWidth = radius * 2
  context.lineCap = 'round'
  context.lineJoin = 'round'
  context.beginPath()
  context.moveTo(first.x, first.y)
  for (const { x, y } of points.slice(1)) context.lineTo(x, y)
  context.stroke()
}

/** Returns whether anything is drawn: alpha of every pixel, one of four bytes. */
export function hasArea(rgba: Uint8ClampedArray): boolean {
  for (let index = 3; index < rgba.length; index += 4) if (rgba[index] !== 0) return true
  return false
}

/**
 * Turns the drawn area into a mask as models read it: transparent where the picture may change,
 * opaque black elsewhere, with hard edges.
 */
export function toMask(rgba: Uint8ClampedArray): void {
  for (let index = 3; index < rgba.length; index += 4) {
    rgba[index - 3] = 0
    rgba[index - 2] = 0
    rgba[index - 1] = 0
    rgba[index] = (rgba[index] ?? 0) >= 128 ? 0 : 255
  }
}
