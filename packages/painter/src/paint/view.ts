/** Where a view's ground is, for what is put into it. */
export interface View {
  /** Height of the horizon, units. */
  readonly horizon: number
  /** Height at which something small stands in the foreground. */
  readonly ground: number
  /** Where light comes from: 1 right, -1 left of the middle. */
  readonly sun: number
  readonly sunX: number
}
