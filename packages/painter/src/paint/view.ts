/** Where the ground of a view is, for what is added to it. */
export interface View {
  /** Height of the horizon, units. */
  readonly horizon: number
  /** Height of the ground in the foreground, units. */
  readonly ground: number
  /** Side of the sun: 1 right, -1 left of the middle. */
  readonly sun: number
  /** Where the sun or the moon is, units. */
  readonly sunX: number
}
