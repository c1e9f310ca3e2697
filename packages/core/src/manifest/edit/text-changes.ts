/** A replacement of the part of a text from `start` to `end`. */
export type Change = { start: number; end: number; text: string }

/**
 * Applies changes that do not overlap. Those at one place are applied in their order, what they
 * only insert before what they replace.
 */
export function applyChanges(text: string, changes: readonly Change[]): string {
  let result = ''
  let done = 0
  const sorted = changes.toSorted((a, b) => a.start - b.start || a.end - b.end)
  for (const { start, end, text: replacement } of sorted) {
    result += text.slice(done, start) + replacement
    done = end
  }
  return result + text.slice(done)
}

/** Returns where the line of an offset starts. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

/** Returns where the line of an offset ends, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  if (end < 0) return text.length
  return end > offset && text[end - 1] === '\r' ? end - 1 : end
}

/** Returns the line break after a line that ends at an offset; empty at the end of the text. */
export function breakAt(text: string, end: number): string {
  return /^\r?\n/.exec(text.slice(end, end + 2))?.[0] ?? ''
}
