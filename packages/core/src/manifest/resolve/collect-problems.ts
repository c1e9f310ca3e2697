import { type Diagnostic, formatPlace, type Place, shorten } from '../../diagnostic.ts'
import type { Problem, Report } from '../check/rule.ts'
import type { Path } from '../parse/path.ts'

export type Places = {
  placeOf: (path: Path, part?: 'key' | 'value') => Place
  frameOf: (place: Place) => string
}

/** A diagnostic, and what it says about the other pictures of a matrix. */
type Reported = { diagnostic: Diagnostic; messages: Set<string> }

/**
 * Creates a list of diagnostics, and a function that adds a problem to it. Problems with the same
 * code, place and hint are one mistake, however many assets use a default, and however many
 * pictures an entry with a matrix has: its message counts them.
 */
export function collectProblems({ placeOf, frameOf }: Places): {
  diagnostics: Diagnostic[]
  report: Report
} {
  const diagnostics: Diagnostic[] = []
  const reportedByMistake = new Map<string, Reported>()
  const report = ({ code, severity = 'error', path, part, message, ...rest }: Problem): void => {
    const place = rest.place ?? placeOf(path, part)
    const hint = hintOf(rest, place, placeOf)
    const mistake = `${code} ${formatPlace(place)} ${hint ?? ''}`
    const reported = reportedByMistake.get(mistake)
    if (reported !== undefined) {
      addMessage(reported, message)
      return
    }
    const diagnostic: Diagnostic = {
      code: `manifest/${code}`,
      severity,
      message: shorten(message),
      ...(hint === undefined ? {} : { hint: shorten(hint) }),
      place,
      frame: frameOf(place),
    }
    reportedByMistake.set(mistake, { diagnostic, messages: new Set([message]) })
    diagnostics.push(diagnostic)
  }
  return { diagnostics, report }
}

/** Returns the hint of a problem, with the place of what it clashes with if that is in another file. */
function hintOf(
  { hint, other, otherPlace: inData }: Pick<Problem, 'hint' | 'other' | 'otherPlace'>,
  place: Place,
  placeOf: Places['placeOf'],
): string | undefined {
  if (inData !== undefined) return `${hint ?? ''} The other is at ${formatPlace(inData)}.`.trim()
  const otherPlace = other === undefined ? undefined : placeOf(other, 'key')
  if (otherPlace === undefined || otherPlace.file === place.file) return hint
  return `${hint ?? ''} The other is at ${formatPlace(otherPlace)}.`.trim()
}

/** Counts a mistake that another picture has too. */
function addMessage({ diagnostic, messages }: Reported, message: string): void {
  if (messages.size === messages.add(message).size) return
  const [first = ''] = messages
  const others = messages.size - 1
  const same = `${others} more ${others === 1 ? 'picture has' : 'pictures have'} the same mistake.`
  diagnostic.message = `${shorten(first)} ${same}`
}
