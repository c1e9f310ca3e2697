/** Formats a number for people, for example `32,000`. */
export function formatCount(value: number): string {
  return value.toLocaleString('en')
}
