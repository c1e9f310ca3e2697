import type { CallError, Mistake } from '@limn/contact-sheet'
import { type Diagnostic, formatPlace } from '../../diagnostic.ts'
import { LimnError } from '../../errors.ts'
import { ManifestError } from '../../manifest/manifest-error.ts'
import { InvalidInput } from './check-input.ts'
import type { SheetHost } from './host.ts'

/** Describes why a call failed, in the words of the command line. Reports a bug to the host. */
export function toCallError(
  error: unknown,
  host: Pick<SheetHost, 'onBug' | 'nameCommands'>,
): CallError {
  const { nameCommands = (text: string) => text } = host
  const { code, message, hint } = describe(error, host)
  return { code, message: nameCommands(message), hint: nameCommands(hint) }
}

function describe(error: unknown, { onBug }: Pick<SheetHost, 'onBug'>): CallError {
  if (error instanceof ManifestError) {
    const first = error.diagnostics.find(({ severity }) => severity === 'error')
    const message = describeMistakes(error)
      .map(({ text }) => text)
      .join('\n')
    return { code: first?.code ?? 'manifest/invalid', message, hint: first?.hint ?? '' }
  }
  if (error instanceof LimnError) {
    return { code: error.code, message: error.message, hint: error.hint ?? '' }
  }
  if (error instanceof InvalidInput) {
    return { code: 'usage', message: error.message, hint: 'Reload the page.' }
  }
  onBug(error)
  return {
    code: 'bug',
    message: `Limn failed: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'The terminal shows where. Please report it.',
  }
}

/** Lists the mistakes of a manifest. */
export function describeMistakes({ diagnostics }: ManifestError): Mistake[] {
  return diagnostics.filter(({ severity }) => severity === 'error').map(describeDiagnostic)
}

/** Describes a mistake in one text: its place, what is wrong, and what to do. */
export function describeDiagnostic({ code, place, message, hint }: Diagnostic): Mistake {
  const parts = [`${formatPlace(place)} ${message}`, hint ?? '']
  return { code, text: parts.filter((part) => part !== '').join(' ') }
}
