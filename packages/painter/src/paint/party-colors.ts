import { hex } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'

/** Colours of balloons, bunting, confetti, gifts and baubles. */
export const BRIGHT: readonly Color[] = [
  '#ef5f6c',
  '#f7a53b',
  '#4fb6c0',
  '#8a6fd1',
  '#f58fb0',
  '#f7cf57',
].map(hex)
