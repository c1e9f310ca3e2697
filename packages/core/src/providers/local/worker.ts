import { parentPort, workerData } from 'node:worker_threads'
import { drawPicture, type Font, type PaintOptions } from '@limn/painter'
import { findInstalledFont } from '@limn/painter/installed-font'

/** Input of the worker. `width` and `height` in px. */
export type DrawOrder = Pick<
  PaintOptions,
  'prompt' | 'width' | 'height' | 'transparent' | 'variant' | 'base' | 'mask'
>
/** Output of the worker: a PNG, or the message of an error. */
export type DrawResult = { bytes: Uint8Array } | { failure: string }

/** Letters beyond Latin ones: those of an installed font, which is read when one is drawn. */
const font: Font = {
  glyphOf: (character) => {
    if (installed === undefined) installed = findInstalledFont(workerData as string)
    return installed?.glyphOf(character) ?? null
  },
}
let installed: Font | null | undefined

parentPort?.on('message', (order: DrawOrder) => {
  let result: DrawResult
  try {
    result = { bytes: drawPicture({ ...order, font }) }
  } catch (error) {
    result = { failure: error instanceof Error ? error.message : String(error) }
  }
  parentPort?.postMessage(result, 'bytes' in result ? [result.bytes.buffer as ArrayBuffer] : [])
})
