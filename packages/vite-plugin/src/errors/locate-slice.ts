import { existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { normalizePath } from 'vite'

/** A place in a text file. Line and column are 1-based. */
export type TextPlace = { file: string; line: number; column: number }

/** A part of a text, by offsets, and the offset in the text of the words of interest. */
export type Slice = { text: string; start: number; end: number; at: number; words: string }

/**
 * Returns a place in the file that a text was made from: Vite and other plugins may have changed
 * the text around it. If the file does not contain the part, returns the first place of the words
 * in it, else the place in the text.
 */
export function locateSlice(file: string, { text, start, end, at, words }: Slice): TextPlace {
  const source = existsSync(file) ? readFileSync(file, 'utf8') : text
  const found = source.indexOf(text.slice(start, end))
  if (found !== -1) return placeAt(file, source, found + at - start)
  const first = source.indexOf(words)
  return first === -1 ? placeAt(file, text, at) : placeAt(file, source, first)
}

/** Returns the first place of a text in a file; `undefined` if the file does not contain it. */
export function locateText(file: string, text: string): TextPlace | undefined {
  if (!existsSync(file)) return undefined
  const source = readFileSync(file, 'utf8')
  const at = source.indexOf(text)
  return at === -1 ? undefined : placeAt(file, source, at)
}

/** Returns the place of an offset. */
export function placeAt(file: string, text: string, offset: number): TextPlace {
  const before = text.slice(0, offset).split('\n')
  return { file, line: before.length, column: before.at(-1)!.length + 1 }
}

/** Formats a place relative to Vite's root: `index.html:12:7`. */
export function formatPlace(
  { config: { root } }: { config: { root: string } },
  { file, line, column }: TextPlace,
): string {
  return `${normalizePath(relative(root, file))}:${line}:${column}`
}
