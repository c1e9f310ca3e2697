import type { SheetHost, SheetSpending } from '@limn/core/for-vite/sheet'
import type { ViteDevServer } from 'vite'
import type { Context } from '../context.ts'
import { errorLogger } from '../errors/vite-error.ts'
import { nameOwnCommands } from '../log.ts'
import { holdInterrupts } from './hold-interrupts.ts'
import { leftToSpend, spend } from './spending.ts'

type SheetHostOptions = {
  /** Stops what the pages started. Resolves when nothing is left that was paid for. */
  finish(): Promise<void>
}

/** Returns what the contact sheet needs of a dev server. */
export function createSheetHost(
  context: Context,
  server: ViteDevServer,
  options: SheetHostOptions,
): SheetHost {
  return {
    project: context.project,
    async read({ isFresh }) {
      if (isFresh) await context.refresh('the contact sheet changed files')
      const state = await context.requireState()
      if (context.failure !== undefined) throw context.failure
      return state
    },
    loadOutputService: context.loadOutputService,
    spending: createSheetSpending(context, options),
    importsOf: async (asset) => (await import('./imports-of.ts')).importsOf(context, server, asset),
    openInEditor: async (place) =>
      (await import('./open-in-editor.ts')).openInEditor(context, server, place),
    nameCommands: nameOwnCommands,
    onBug: errorLogger(context),
  }
}

/** What a person agrees to in the page counts towards `dev.maxCost`, like what the server generates. */
function createSheetSpending(
  { options, project, log }: Context,
  { finish }: SheetHostOptions,
): SheetSpending {
  const shared = { manifest: project.paths.manifest, maxUsd: options.dev.maxCost }
  return {
    leftUsd: () => leftToSpend(shared),
    hint: 'Raise dev.maxCost of limn() in the Vite config.',
    async spend(agreedUsd, work) {
      const release = holdInterrupts(async () => {
        log.warn(
          '[limn] Limn is waiting for a picture that was paid for. Press Ctrl-C again to exit without it.',
          { timestamp: true },
        )
        await finish()
      })
      return spend({
        ...shared,
        work: (leftUsd, report) => work(Math.min(agreedUsd, leftUsd), report),
      }).finally(release)
    },
  }
}
