import type { Drawing } from '../plan/planned.ts'
import { draw } from './draw.ts'

/** What the page asks of the painter: one picture at a time. `maxEdge` is in px. */
export type DrawOrder = { drawing: Drawing; maxEdge: number }
/** The painter's answer: a PNG, or the message of an error. */
export type DrawAnswer = { png: Uint8Array<ArrayBuffer> } | { failure: string }

addEventListener('message', ({ data: { drawing, maxEdge } }: MessageEvent<DrawOrder>) => {
  let answer: DrawAnswer
  try {
    answer = { png: draw(drawing, maxEdge) as Uint8Array<ArrayBuffer> }
  } catch (error) {
    answer = { failure: error instanceof Error ? error.message : String(error) }
  }
  postMessage(answer)
})
