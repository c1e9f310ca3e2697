// These use only + - * / and floor, because engines may differ in the last bit of Math.sin and Math.cos.

/** A full turn in radians. */
export const TAU = 6.283185307179586

/** Returns the sine of `x` radians, the same bits on every engine (absolute error below 1e-8). */
export function sin(x: number): number {
  let r = x / TAU
  r = (r - Math.floor(r + 0.5)) * TAU
  if (r > TAU / 4) r = TAU / 2 - r
  if (r < -TAU / 4) r = -TAU / 2 - r
  const q = r * r
  return (
    r *
    (1 -
      (q / 6) * (1 - (q / 20) * (1 - (q / 42) * (1 - (q / 72) * (1 - (q / 110) * (1 - q / 156))))))
  )
}

/** Returns the cosine of `x` radians, the same bits on every engine. */
export function cos(x: number): number {
  return sin(x + TAU / 4)
}

/** Returns the value limited to `low`..`high`, both inclusive. */
export function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value
}

/** Returns the value a share `t` of the way from `a` to `b`; `t` is not clamped. */
export function lerp(a: number, b: number, t: number): number {
  return a + (b - a) * t
}

/** Returns 0 below `low`, 1 above `high`, and an S-curve between them. */
export function smoothstep(low: number, high: number, value: number): number {
  const t = clamp((value - low) / (high - low), 0, 1)
  return t * t * (3 - 2 * t)
}
