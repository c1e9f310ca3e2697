import type { Verdict } from '../lock/verdict.ts'
import type { Area } from '../manifest/expectations.ts'
import { areaName, areaOf, type Rectangle } from './area.ts'
import { averageCells, type Cells } from './cells.ts'
import { channelOf, linearLight, linearOf } from './colour-difference.ts'
import { type Examined, faceName } from './examined-pixels.ts'
import { type Colour, formatColour, noColour, parseColour } from './parse-colour.ts'

/** Edge of a patch, as a share of the picture's longer edge: about the stroke of a headline. */
const PATCH = 1 / 128

/** What sums of light may lose: WCAG rounds no ratio. */
const ROUNDING = 1e-9

/** What a patch of the picture looks like: means of linear light, 0 to 1. */
type Light = [red: number, green: number, blue: number]

/**
 * Tests that text of a colour is legible over an area: the contrast of WCAG 2.2 with the patch of
 * the area where it is lowest. Patches overlap by half, and their light is averaged.
 */
export function testContrast(
  picture: Examined,
  { at, with: text, ratio }: { at: Area; with: string; ratio: number },
): Verdict {
  const colour = parseColour(text)
  if (colour === undefined) return noColour('contrast', text)
  const area = areaOf(at, picture.width, picture.height)
  const faces = picture.faces.map((face) => ({ face, ...findLowest(face, picture, area, colour) }))
  const worst = faces.reduce((a, b) => (b.contrast < a.contrast ? b : a))
  const [red, green, blue] = worst.light.map(channelOf)
  const background = formatColour(red!, green!, blue!)
  return {
    test: 'contrast',
    passed: worst.contrast + ROUNDING >= ratio,
    reason: `The lowest contrast of ${text} in ${areaName(at)} is ${floor(worst.contrast)}:1, with ${background}${faceName(picture, worst.face)}; at least ${ratio}:1 is expected.`,
  }
}

/** Rounds down, so that a contrast that is too low never reads like one that is not. */
function floor(contrast: number): number {
  return Math.floor((contrast + ROUNDING) * 100) / 100
}

function findLowest(
  face: Uint8Array,
  { width, height }: Examined,
  area: Rectangle,
  text: Colour,
): { contrast: number; light: Light } {
  const edge = Math.max(1, Math.round(Math.max(width, height) * PATCH))
  const columns = Math.max(1, Math.round((2 * (area.right - area.left)) / edge))
  const rows = Math.max(1, Math.round((2 * (area.bottom - area.top)) / edge))
  const grid = averageCells(face, width, area, { columns, rows }, linearLight)
  // A patch is two by two cells, unless a cell is a patch already: a pixel.
  const size = edge === 1 ? 1 : 2
  let lowest: { contrast: number; light: Light } | undefined
  for (let row = 0; row <= Math.max(0, grid.rows - size); row++) {
    for (let column = 0; column <= Math.max(0, grid.columns - size); column++) {
      const light = lightOfPatch(grid, { row, column, size })
      const contrast = contrastOf(text, light)
      if (lowest === undefined || contrast < lowest.contrast) lowest = { contrast, light }
    }
  }
  return lowest!
}

function lightOfPatch(
  { columns, rows, means }: Cells,
  { row, column, size }: { row: number; column: number; size: number },
): Light {
  const light: Light = [0, 0, 0]
  const lastRow = Math.min(rows, row + size)
  const lastColumn = Math.min(columns, column + size)
  const count = (lastRow - row) * (lastColumn - column)
  for (let y = row; y < lastRow; y++) {
    for (let x = column; x < lastColumn; x++) {
      const at = (y * columns + x) * 3
      for (let channel = 0; channel < 3; channel++) light[channel]! += means[at + channel]! / count
    }
  }
  return light
}

/** The contrast ratio of WCAG 2.2, 1 to 21, of a text colour, which may be transparent, on a patch. */
function contrastOf(text: Colour, light: Light): number {
  const background = luminance(light)
  const foreground = luminance(text.alpha === 1 ? opaque(text) : over(text, light))
  const [lighter, darker] =
    foreground > background ? [foreground, background] : [background, foreground]
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance([red, green, blue]: Light): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function opaque({ red, green, blue }: Colour): Light {
  return [linearOf(red), linearOf(green), linearOf(blue)]
}

/** Blends a transparent colour with a patch, as browsers do: in sRGB. */
function over({ red, green, blue, alpha }: Colour, light: Light): Light {
  const blend = (channel: number, below: number): number =>
    linearOf(channel * alpha + channelOf(below) * (1 - alpha))
  return [blend(red, light[0]), blend(green, light[1]), blend(blue, light[2])]
}
