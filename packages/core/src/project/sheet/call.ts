import type { Calls } from '@limn/contact-sheet'
import type { Check } from './check-input.ts'
import type { SheetContext } from './context.ts'

/** A call of the page: what it receives, and what it does. */
export type Call<Name extends keyof Calls> = {
  /** Reads what a page sent. @throws InvalidInput */
  readonly input: Check<Calls[Name]['input']>
  /** Does the work. Loads its code when it is called. @throws LimnError, ManifestError */
  run(context: SheetContext, input: Calls[Name]['input']): Promise<Calls[Name]['output']>
  /** Whether files may have changed afterwards: the sheet is read again before the reply. */
  readonly writes?: true
}
