import { LimnError, type LimnEvent } from '@limn/core'
import type { ViteDevServer } from 'vite'
import type { ContextHandle } from './context.ts'
import { toViteError } from './error.ts'
import { updateModules } from './update.ts'
import { writeTypes } from './plugins/types.ts'

/** What the dev server makes on its own, as far as the options allow: one run at a time. */
export type DevWork = {
  /** Begins, when the server is there. */
  start(server: ViteDevServer): Promise<void>
  /** Looks again after a change. */
  again(): void
  /** Whether an asset's picture is being made right now, for nothing. */
  isComing(asset: string): boolean
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
  stop(): Promise<void>
}

/** Makes the worker of one `limn()`. */
export function createDevWork(handle: ContextHandle): DevWork {
  let server: ViteDevServer | undefined
  let running: Promise<void> | undefined
  let isWanted = false
  let spent = 0
  const stopping = new AbortController()

  const run = async (): Promise<void> => {
    const context = handle.get()
    const { generate, maxCost } = context.options.dev
    const { logger } = context.config
    while (isWanted && !stopping.signal.aborted) {
      isWanted = false
      await context.refresh()
      await writeTypes(context)
      if (context.failure !== undefined || generate === 'never') continue
      const isFree = generate === 'draft' || maxCost === 0
      if (generate === 'final' && isFree) logger.warnOnce("[limn] dev: { generate: 'final' } spends nothing without maxCost: what costs money shows a draft.")
      const result = await context.project.generate({ freeOnly: isFree, derive: false, maxUsd: Math.max(0, maxCost - spent), onEvent: say, signal: stopping.signal }).catch((error: unknown) => {
        logger.error(`[limn] ${toViteError(error, context.project.paths.root).message}`, { timestamp: true })
        return undefined
      })
      spent += result?.usd ?? 0
      if (result === undefined || result.generated + result.recovered + result.moved === 0) continue
      await context.refresh()
      if (server !== undefined) updateModules(context, server)
    }

    function say(event: LimnEvent): void {
      if (event.type === 'generated') logger.info(`[limn] ${event.path} ${event.recovered ? 'taken from the journal' : 'drawn'}`, { timestamp: true })
      if (event.type === 'moved') logger.info(`[limn] ${event.from} is ${event.asset} now`, { timestamp: true })
      if (event.type === 'failed' && !(event.error instanceof LimnError && event.error.code === 'aborted')) {
        logger.error(`[limn] ${event.asset}: ${toViteError(event.error, context.project.paths.root).message}`, { timestamp: true })
      }
    }
  }
  const again = (): void => {
    isWanted = true
    running ??= run().finally(() => {
      running = undefined
      if (isWanted && !stopping.signal.aborted) again()
    })
  }
  return {
    async start(started) {
      server = started
      again()
      await running
    },
    again,
    isComing(asset) {
      const step = handle.get().state?.stepByAsset.get(asset)
      const isFree = step?.kind === 'move' || step?.kind === 'recover' || step?.kind === 'derive' || (step?.kind === 'generate' && step.usd === 0)
      return running !== undefined && isFree && handle.get().options.dev.generate !== 'never'
    },
    async settled(this: DevWork) {
      await running
      if (running !== undefined) await this.settled()
    },
    async stop() {
      stopping.abort()
      await running?.catch(() => {})
      await handle.get().files.close()
    },
  }
}
