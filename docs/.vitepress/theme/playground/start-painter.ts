import type { DrawAnswer, DrawOrder } from './pictures/worker.ts'
import type { Drawing } from './plan/planned.ts'

/** Starts a worker that draws. */
export function startPainter(): Worker {
  return new Worker(new URL('./pictures/worker.ts', import.meta.url), { type: 'module' })
}

/**
 * Draws a picture in the size of its request: with the provider `local`, the bytes of the master.
 *
 * @throws Error if it can not be drawn
 */
export async function drawInFull(drawing: Drawing): Promise<Blob> {
  const worker = startPainter()
  try {
    const order: DrawOrder = { drawing, maxEdge: Infinity }
    worker.postMessage(order)
    const answer = await new Promise<DrawAnswer>((resolve, reject) => {
      worker.addEventListener('message', ({ data }: MessageEvent<DrawAnswer>) => resolve(data))
      worker.addEventListener('error', () => reject(new Error('The painter could not be loaded.')))
    })
    if ('failure' in answer) throw new Error(answer.failure)
    return new Blob([answer.png], { type: 'image/png' })
  } finally {
    worker.terminate()
  }
}
