import { diagnosticLines } from '../diagnostic.ts'
import { LimnError } from '../errors.ts'
import { ManifestError } from '../project/project.ts'
import { quoteForShell } from '../project/quote-for-shell.ts'
import type { Output } from './output.ts'

/**
 * Prints an error: mistakes in the manifest with their code frames, environment failures with their
 * hint, and anything else as a bug with its stack. The only place that decides this.
 *
 * @param where options that name the project, which the commands of hints need too
 */
export function reportError(error: unknown, output: Output, where: readonly string[] = []): void {
  output.status(undefined)
  if (error instanceof ManifestError) {
    for (const diagnostic of error.diagnostics) {
      output.event({ type: 'diagnostic', ...diagnostic })
      output.problem(diagnosticLines(diagnostic))
      output.problem('')
    }
    output.problem(error.message)
    return
  }
  output.event(errorEvent(error))
  const [first, ...others] = errorLines(error).map((line) => addOptions(line, where))
  output.problem([`Error: ${first}`, ...others])
}

/** Adds options to each command in the hint of an error that has none of its own. */
function addOptions(line: string, where: readonly string[]): string {
  if (where.length === 0 || !line.startsWith('  → ')) return line
  const options = where.map((option) => ` ${quoteForShell(option)}`).join('')
  return line.replace(/`limn [a-z][^`]*(?=`)/g, (command) =>
    / -[Cm] /.test(command) ? command : `${command}${options}`,
  )
}

/** Returns message, hint and location of an error, each as a line; for a bug, its stack. */
export function errorLines(error: unknown): string[] {
  if (!(error instanceof LimnError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return [...stack.split('\n'), '  This is a bug in Limn. Report it with this output.']
  }
  const cause = error.cause instanceof LimnError ? ` ${error.cause.message}` : ''
  return [
    `${error.message}${cause}`,
    ...(error.hint === undefined ? [] : [`  → ${error.hint}`]),
    ...(error.location === undefined ? [] : [`  ${error.location}`]),
  ]
}

/** An error as a JSON event. */
export type ErrorEvent = {
  type: 'error'
  code: string
  message: string
  hint?: string
  location?: NonNullable<LimnError['location']>
}

/** Returns an error as a JSON event. */
export function errorEvent(error: unknown): ErrorEvent {
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
