import { parentPort } from 'node:worker_threads'
import { drawPicture, type Font, type PaintOptions } from '@limn/painter'
import { findInstalledFont } from '@limn/painter/installed-font'

/** Input of the worker. `width` and `height` in px. */
export type DrawOrder = Pick<
  PaintOptions,
  'prompt' | 'width' | 'height' | 'transparent' | 'variant' | 'base' | 'mask'
>
/** Output of the worker: a PNG, or the message of an error. */
export type DrawResult = { bytes: Uint8Array } | { failure: string }

/** The Chinese font, if one is installed; undefined until a prompt needs it. */
let chinese: Font | null | undefined

/** Returns the letters that a prompt needs beyond Latin ones, if they are installed. */
function fontFor(prompt: string): { font?: Font } {
  if (!/\p{Script=Han}/u.test(prompt)) return {}
  if (chinese === undefined) chinese = findInstalledFont()
  return chinese === null ? {} : { font: chinese }
}

parentPort?.on('message', (order: DrawOrder) => {
  let result: DrawResult
  try {
    result = { bytes: drawPicture({ ...order, ...fontFor(order.prompt) }) }
  } catch (error) {
    result = { failure: error instanceof Error ? error.message : String(error) }
  }
  parentPort?.postMessage(result, 'bytes' in result ? [result.bytes.buffer as ArrayBuffer] : [])
})
