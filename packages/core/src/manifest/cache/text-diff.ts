/** Number of characters to compare at once: comparing slices is much faster than characters. */
const STEP = 4096

/** Returns how many characters two texts share at their start. */
export function sharedStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let shared = 0
  while (
    shared + STEP <= most &&
    a.slice(shared, shared + STEP) === b.slice(shared, shared + STEP)
  ) {
    shared += STEP
  }
  while (shared < most && a[shared] === b[shared]) shared++
  return shared
}

/** Returns how many characters two texts share at their end, after the first `start`. */
export function sharedEnd(a: string, b: string, start: number): number {
  const most = Math.min(a.length, b.length) - start
  const part = (text: string, from: number, to: number): string =>
    text.slice(text.length - to, text.length - from)
  let shared = 0
  while (
    shared + STEP <= most &&
    part(a, shared, shared + STEP) === part(b, shared, shared + STEP)
  ) {
    shared += STEP
  }
  while (shared < most && a[a.length - shared - 1] === b[b.length - shared - 1]) shared++
  return shared
}

/** Returns the number of line breaks in a text. */
export function countLines(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++
  return count
}
