import type { Calls } from '@limn/contact-sheet'
import { type Check, name, object } from './check-input.ts'
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

const nothing = object({})

/** Every call that a page can make, by its name. */
export const calls: { readonly [Name in keyof Calls]?: Call<Name> } = {
  sheet: { input: nothing, run: async (context) => context.sheet() },
  asset: {
    input: object({ name }),
    run: async (context, input) =>
      (await import('./read-asset-view.ts')).readAssetView(context, input),
  },
  stop: {
    input: nothing,
    async run({ runs }) {
      runs.stop()
      return {}
    },
  },
}
