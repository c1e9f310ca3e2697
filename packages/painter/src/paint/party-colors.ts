import { hex } from '../raster/color.ts'

export const BRIGHT = ['#ef5f6c', '#f7a53b', '#4fb6c0', '#8a6fd1', '#f58fb0', '#f7cf57'].map(hex)
