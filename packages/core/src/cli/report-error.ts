import { formatDiagnostic } from '../diagnostic.ts'
import { LimnError } from '../errors.ts'
import { ManifestError } from '../manifest/manifest-error.ts'
import type { Output } from './output.ts'

/**
 * The one place that decides how a failure is printed: mistakes in files with their frames,
 * failures of the surroundings as message and hint, and anything else as the bug it is.
 */
export function reportError(error: unknown, output: Output): void {
  output.status(undefined)
  if (error instanceof ManifestError) {
    for (const diagnostic of error.diagnostics) {
      output.event({ type: 'diagnostic', ...diagnostic })
      output.problem(formatDiagnostic(diagnostic))
      output.problem('')
    }
    output.problem(error.message)
    return
  }
  output.event(errorEvent(error))
  output.problem(`Error: ${formatError(error)}`)
}

/** Message, hint and place of a failure; the stack only of what is a bug. */
export function formatError(error: unknown): string {
  if (!(error instanceof LimnError)) {
    return `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n  This is a bug in Limn: please report it.`
  }
  const why = error.cause instanceof LimnError ? ` ${error.cause.message}` : ''
  return `${error.message}${why}${error.hint === undefined ? '' : `\n  → ${error.hint}`}${error.location === undefined ? '' : `\n  ${error.location}`}`
}

/** A failure as an event for tools. */
export function errorEvent(error: unknown): Record<string, unknown> {
  if (!(error instanceof LimnError)) {
    return {
      type: 'error',
      code: 'bug',
      message: error instanceof Error ? error.message : String(error),
    }
  }
  return {
    type: 'error',
    code: error.code,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.location === undefined ? {} : { location: error.location }),
  }
}
