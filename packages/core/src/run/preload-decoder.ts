import { loadCutter } from '../derive/cut-output.ts'

/**
 * The delay before the decoder is preloaded, counted from the last request sent, ms: loading blocks
 * other work.
 */
const PRELOAD_DELAY_MS = 150

/** Loads what reads and cuts pictures while the first ones are being generated. */
export type DecoderPreload = {
  start(): void
  /** Starts the delay again. */
  postpone(): void
  cancel(): void
}

/** Creates a preload that is not started yet. */
export function createDecoderPreload(): DecoderPreload {
  let timer: NodeJS.Timeout | undefined
  return {
    start() {
      timer = setTimeout(() => {
        timer = undefined
        // If loading fails, the first picture that needs the decoder reports it.
        void loadCutter().catch(() => {})
      }, PRELOAD_DELAY_MS)
    },
    postpone: () => void timer?.refresh(),
    cancel: () => clearTimeout(timer),
  }
}
