import { finish } from './finish.ts'
import { createCanvas } from './raster/canvas.ts'
import type { RawPicture } from './raster/png.ts'
import type { Sheet } from './scene/read-sheet.ts'

/** Share of a cell that its picture takes. */
const PICTURE = 0.72
/** Colour of the ground, 0..1. */
const GROUND = [0.965, 0.957, 0.937] as const

/**
 * Paints a sheet: each picture alone and whole in the middle of its cell, on one flat ground.
 *
 * @param size of the sheet, px
 * @param paint paints one picture on a transparent ground
 */
export function paintSheet(
  { prompts, columns, rows }: Sheet,
  { width, height, transparent }: { width: number; height: number; transparent: boolean },
  paint: (prompt: string, size: { width: number; height: number }) => RawPicture,
): RawPicture {
  const canvas = createCanvas(width, height)
  if (!transparent) {
    for (let at = 0; at < canvas.pixels.length; at += 4) canvas.pixels.set([...GROUND, 1], at)
  }
  const sheet = finish(canvas, { opaque: !transparent })
  const [cellWidth, cellHeight] = [width / columns, height / rows]
  const edge = (length: number): number => Math.max(1, Math.floor(length * PICTURE))
  const size = { width: edge(cellWidth), height: edge(cellHeight) }
  const painted = new Map<string, RawPicture>()
  for (const [index, prompt] of prompts.entries()) {
    const picture = painted.get(prompt) ?? paint(prompt, size)
    painted.set(prompt, picture)
    const middle = middleOf(picture)
    const x = Math.round(((index % columns) + 0.5) * cellWidth - middle.x)
    const y = Math.round((Math.floor(index / columns) + 0.5) * cellHeight - middle.y)
    lay(picture, sheet, { x, y })
  }
  return sheet
}

/** Returns the middle of what a picture shows; that of the picture if it shows nothing. */
function middleOf({ data, width, height }: RawPicture): { x: number; y: number } {
  let [left, right, top, bottom] = [width, -1, height, -1]
  for (let at = 0; at < width * height; at++) {
    if (data[at * 4 + 3]! < 8) continue
    const [x, y] = [at % width, Math.floor(at / width)]
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = y
  }
  return right < 0
    ? { x: width / 2, y: height / 2 }
    : { x: (left + right + 1) / 2, y: (top + bottom + 1) / 2 }
}

/** Lays a picture over a sheet. Both have straight alpha. */
function lay(picture: RawPicture, sheet: RawPicture, { x, y }: { x: number; y: number }): void {
  for (let row = 0; row < picture.height; row++) {
    for (let column = 0; column < picture.width; column++) {
      const from = (row * picture.width + column) * 4
      const to = ((y + row) * sheet.width + x + column) * 4
      const alpha = picture.data[from + 3]! / 255
      if (alpha === 0) continue
      const below = (sheet.data[to + 3]! / 255) * (1 - alpha)
      const sum = alpha + below
      for (let channel = 0; channel < 3; channel++) {
        const mixed = picture.data[from + channel]! * alpha + sheet.data[to + channel]! * below
        sheet.data[to + channel] = Math.round(mixed / sum)
      }
      sheet.data[to + 3] = Math.round(sum * 255)
    }
  }
}
