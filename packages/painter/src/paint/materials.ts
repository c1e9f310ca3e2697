import { hex } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'

/** Colour of wooden parts. */
export const WOOD: Color = hex('#c48a55')

/** Colour of metal parts. */
export const STEEL: Color = hex('#c5ccd6')
