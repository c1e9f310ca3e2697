import { composePicture } from '../../../../../packages/painter/src/compose.ts'
import { drawPicture, type RawPicture } from '../../../../../packages/painter/src/index.ts'
import type { Drawing } from '../plan/planned.ts'

/** Draws a picture as the provider `local` does, at most `maxEdge` px wide and high; a PNG. */
export function draw(drawing: Drawing, maxEdge: number): Uint8Array {
  return drawPicture(optionsOf(drawing, maxEdge))
}

type Options = Parameters<typeof drawPicture>[0]

function optionsOf({ base, ...drawing }: Drawing, maxEdge: number): Options {
  const scale = Math.min(1, maxEdge / Math.max(drawing.width, drawing.height))
  const edge = (length: number): number => Math.max(1, Math.round(length * scale))
  const options = { ...drawing, width: edge(drawing.width), height: edge(drawing.height) }
  return base === undefined ? options : { ...options, base: compose(base, maxEdge) }
}

function compose(drawing: Drawing, maxEdge: number): RawPicture {
  return composePicture(optionsOf(drawing, maxEdge))
}
