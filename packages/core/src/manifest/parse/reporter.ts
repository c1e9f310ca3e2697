import { codeFrame, type Diagnostic, type Place, shorten, splitLines } from '../../diagnostic.ts'
import type { ReadYaml } from './read-yaml.ts'

/** Places in a text, and the mistakes found there. */
export type Reporter = {
  /** Mistakes so far, all of them errors. */
  diagnostics: Diagnostic[]
  /** Returns the place of a range of offsets in the repaired text. */
  placeAt: (from: number, to: number) => Place
  /** Returns the place of a range of offsets in the text as it was written. */
  originalPlaceAt: (start: number, end: number) => Place
  /** Returns the lines around a place, as the text was written. */
  frameOf: (place: Place) => string
  /** Adds a mistake. `code` has no `manifest/` in front. */
  report: (code: string, place: Place, message: string, hint?: string) => void
}

/** Longest range that a place marks, characters. */
const MAX_LENGTH = 200

/** Creates a reporter for a text. `file` is the path that diagnostics name. */
export function createReporter(
  text: string,
  file: string,
  { lines, toOriginal }: Pick<ReadYaml, 'lines' | 'toOriginal'>,
): Reporter {
  let split: string[] | undefined
  const diagnostics: Diagnostic[] = []
  const frameOf = (place: Place): string => codeFrame((split ??= splitLines(text)), place)
  const originalPlaceAt = (start: number, end: number): Place => {
    const { line, col } = lines.linePos(start)
    return { file, line, column: col, length: end - start }
  }
  return {
    diagnostics,
    originalPlaceAt,
    frameOf,
    placeAt: (from, to) => {
      const { line, column, length } = originalPlaceAt(toOriginal(from), toOriginal(to))
      return {
        file,
        line: Math.max(1, line),
        column: Math.max(1, column),
        length: Math.max(1, Math.min(length, MAX_LENGTH)),
      }
    },
    report: (code, place, message, hint) => {
      diagnostics.push({
        code: `manifest/${code}`,
        severity: 'error',
        message: shorten(message),
        ...(hint === undefined ? {} : { hint: shorten(hint) }),
        place,
        frame: frameOf(place),
      })
    },
  }
}
