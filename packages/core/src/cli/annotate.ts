import type { Diagnostic } from '../diagnostic.ts'
import { LimnError } from '../errors.ts'
import type { CommandContext } from './command.ts'
import { textOption } from './project-options.ts'

/** Prints a diagnostic as a workflow annotation. */
export type Annotate = (diagnostic: Diagnostic) => void

/**
 * Returns what prints annotations if `--format` asks for them.
 *
 * @throws LimnError `usage` if `--format` is unknown
 */
export function createAnnotate({ options, output }: CommandContext): Annotate {
  const format = textOption(options, 'format')
  if (format === undefined) return () => {}
  if (format !== 'github') {
    throw new LimnError('usage', `There is no format "${format}".`, {
      hint: 'Write --format github.',
    })
  }
  return output.annotation
}
