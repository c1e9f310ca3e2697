/** A rectangle from its top left corner, units. */
export interface Box {
  x: number
  y: number
  w: number
  h: number
}
