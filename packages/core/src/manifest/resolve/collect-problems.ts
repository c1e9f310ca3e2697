import { type Diagnostic, formatPlace, type Place, shorten } from '../../diagnostic.ts'
import type { Problem, Report } from '../check/rule.ts'
import type { Path } from '../parse/path.ts'

export type Places = {
  placeOf: (path: Path, part?: 'key' | 'value') => Place
  frameOf: (place: Place) => string
}

/** Creates a list of diagnostics, and a function that adds a problem to it. */
export function collectProblems({ placeOf, frameOf }: Places): {
  diagnostics: Diagnostic[]
  report: Report
} {
  const diagnostics: Diagnostic[] = []
  const reported = new Set<string>()
  const report = ({ code, severity = 'error', path, part, message, ...rest }: Problem): void => {
    const place = placeOf(path, part)
    // A mistake in `defaults` is one mistake, however many assets use it.
    if (reported.size === reported.add(`${code} ${formatPlace(place)} ${message}`).size) return
    const other = rest.other === undefined ? undefined : placeOf(rest.other, 'key')
    const isInOtherFile = other !== undefined && other.file !== place.file
    const hint = isInOtherFile
      ? `${rest.hint ?? ''} The other is at ${formatPlace(other)}.`.trim()
      : rest.hint
    diagnostics.push({
      code: `manifest/${code}`,
      severity,
      message: shorten(message),
      ...(hint === undefined ? {} : { hint: shorten(hint) }),
      place,
      frame: frameOf(place),
    })
  }
  return { diagnostics, report }
}
