import { hex } from '../raster/color.ts'

export const WOOD = hex('#c48a55')

export const STEEL = hex('#c5ccd6')
