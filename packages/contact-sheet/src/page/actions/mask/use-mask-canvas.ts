import { type Signal, useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import {
  addStep,
  drawMask,
  drawStep,
  emptyMask,
  hasArea,
  type MaskHistory,
  type MaskStep,
  redo,
  toMask,
  undo,
} from './mask-strokes.ts'

type Size = { width: number; height: number }

/** A mask that is drawn on a canvas of the picture's size. */
export type MaskCanvas = {
  canvas: RefObject<HTMLCanvasElement | null>
  history: Signal<MaskHistory>
  /** Share of the picture that is painted, 0 to 1. */
  painted: Signal<number>
  add(step: MaskStep): void
  /** Draws a part of a stroke that is not finished. */
  show(step: MaskStep): void
  undo(): void
  redo(): void
  /** Returns the mask as PNG, transparent where the picture may change. */
  save(): Promise<Blob>
}

/** Creates a mask of a size. */
export function useMaskCanvas(size: Size): MaskCanvas {
  const canvas = useRef<HTMLCanvasElement>(null)
  const history = useSignal<MaskHistory>(emptyMask)
  const painted = useSignal(0)
  const context = (): CanvasRenderingContext2D => canvas.current!.getContext('2d')!
  const set = (next: MaskHistory): void => {
    history.value = next
    drawMask(context(), next, size)
    painted.value = shareOf(canvas.current!)
  }
  useEffect(() => set(history.value), [size.width, size.height])
  return {
    canvas,
    history,
    painted,
    add: (step) => set(addStep(history.value, step)),
    show: (step) => drawStep(context(), step, size),
    undo: () => set(undo(history.value)),
    redo: () => set(redo(history.value)),
    save: () => toPng(canvas.current!),
  }
}

/** Edge of the copy in which painted pixels are counted, px. */
const COUNTED = 96

/** Returns the share of a canvas that is painted. A single painted pixel counts as some. */
function shareOf(canvas: HTMLCanvasElement): number {
  const small = document.createElement('canvas')
  small.width = COUNTED
  small.height = COUNTED
  const context = small.getContext('2d', { willReadFrequently: true })!
  context.drawImage(canvas, 0, 0, COUNTED, COUNTED)
  const { data } = context.getImageData(0, 0, COUNTED, COUNTED)
  if (!hasArea(data)) return 0
  let alpha = 0
  for (let index = 3; index < data.length; index += 4) alpha += data[index] ?? 0
  return Math.max(0.0001, alpha / 255 / (COUNTED * COUNTED))
}

async function toPng(canvas: HTMLCanvasElement): Promise<Blob> {
  const { width, height } = canvas
  const pixels = canvas.getContext('2d')!.getImageData(0, 0, width, height)
  toMask(pixels.data)
  const copy = document.createElement('canvas')
  copy.width = width
  copy.height = height
  copy.getContext('2d')!.putImageData(pixels, 0, 0)
  return new Promise((resolve, reject) => {
    copy.toBlob(
      (blob) => (blob === null ? reject(new Error('The browser made no PNG.')) : resolve(blob)),
      'image/png',
    )
  })
}
