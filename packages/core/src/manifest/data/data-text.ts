import { codeFrame, type Place, splitLines } from '../../diagnostic.ts'

/** A data file: its text, and the places in it. */
export type DataText = {
  /** Relative to the root, with `/`. */
  path: string
  text: string
  /** Returns the place of a range of offsets. */
  placeAt: (from: number, to: number) => Place
  /** Returns the lines around a place. */
  frameOf: (place: Place) => string
}

/** Longest range that a place marks, characters. */
const MAX_LENGTH = 200

/** Creates the places of a text. Looks for its lines only once a place is needed. */
export function createDataText(path: string, text: string): DataText {
  let starts: number[] | undefined
  let lines: string[] | undefined
  return {
    path,
    text,
    placeAt(from, to) {
      starts ??= lineStarts(text)
      const line = lineAt(starts, from)
      const end = Math.min(to, starts[line] ?? text.length)
      const length = text.slice(from, end).trimEnd().length
      return {
        file: path,
        line,
        column: from - starts[line - 1]! + 1,
        length: Math.max(1, Math.min(length, MAX_LENGTH)),
      }
    },
    frameOf: (place) => codeFrame((lines ??= splitLines(text)), place),
  }
}

/** Returns the offsets at which lines begin. */
function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map(({ 0: end, index }) => index + end.length)]
}

/** Returns the number of the line of an offset, which counts from 1. */
function lineAt(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (starts[middle]! <= offset) low = middle
    else high = middle
  }
  return low + 1
}
