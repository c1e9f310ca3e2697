import { formatDiagnostic } from '../diagnostic.ts'
import { LimnError } from '../errors.ts'
import { ManifestError } from '../project/project.ts'
import type { Output } from './output.ts'

/**
 * Prints an error: mistakes in the manifest with their code frames, environment failures with their
 * hint, and anything else as a bug with its stack. The only place that decides this.
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

/** Returns message, hint and location of an error; for a bug, its stack. */
export function formatError(error: unknown): string {
  if (!(error instanceof LimnError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return `${stack}\n  This is a bug in Limn. Report it with this output.`
  }
  const cause = error.cause instanceof LimnError ? ` ${error.cause.message}` : ''
  const hint = error.hint === undefined ? '' : `\n  → ${error.hint}`
  const location = error.location === undefined ? '' : `\n  ${error.location}`
  return `${error.message}${cause}${hint}${location}`
}

/** Returns an error as a JSON event. */
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
