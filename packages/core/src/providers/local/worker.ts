import { parentPort } from 'node:worker_threads'
import { drawPicture, type PaintOptions } from '@limn/painter'

/** Input of the worker. `width` and `height` in px. */
export type DrawOrder = Pick<
  PaintOptions,
  'prompt' | 'width' | 'height' | 'transparent' | 'variant' | 'base' | 'mask'
>
/** Output of the worker: a PNG, or the message of an error. */
export type DrawResult = { bytes: Uint8Array } | { failure: string }

parentPort?.on('message', (order: DrawOrder) => {
  let result: DrawResult
  try {
    result = { bytes: drawPicture(order) }
  } catch (error) {
    result = { failure: error instanceof Error ? error.message : String(error) }
  }
  parentPort?.postMessage(result, 'bytes' in result ? [result.bytes.buffer as ArrayBuffer] : [])
})
