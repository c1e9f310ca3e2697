import type { Calls } from '@limn/contact-sheet'
import { LimnError } from '../../errors.ts'
import { actionCalls } from './action-calls.ts'
import type { Call } from './call.ts'
import { integer, name, object, text } from './check-input.ts'

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
  costs: {
    input: nothing,
    run: async (context) => (await import('./read-costs.ts')).readCosts(context),
  },
  openInEditor: {
    input: object({ file: text(4000), line: integer(1, 1e7), column: integer(1, 1e7) }),
    async run({ host }, place) {
      if (host.openInEditor === undefined) {
        throw new LimnError('usage', 'Only a dev server opens files in the editor.', {
          hint: 'Open the contact sheet at /__limn/ of `vite dev`.',
        })
      }
      await host.openInEditor(place)
      return {}
    },
  },
  stop: {
    input: nothing,
    async run({ runs }) {
      runs.stop()
      return {}
    },
  },
}
