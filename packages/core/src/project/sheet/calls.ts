import type { Calls } from '@limn/contact-sheet'
import { actionCalls } from './action-calls.ts'
import type { Call } from './call.ts'
import { name, object } from './check-input.ts'

const nothing = object({})

/** Every call that a page can make, by its name. */
export const calls: { readonly [Name in keyof Calls]?: Call<Name> } = {
  ...actionCalls,
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
