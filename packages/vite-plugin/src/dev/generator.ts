import type { OnEvent } from '@limn/core'
import { sha256 } from '@limn/core/for-vite'
import type { ViteDevServer } from 'vite'
import type { Context } from '../context.ts'
import { toViteError } from '../errors/vite-error.ts'
import { writeTypes } from '../modules/write-types.ts'
import { createRefusals } from './failed-requests.ts'
import { holdInterrupts } from './hold-interrupts.ts'
import { createReport } from './report.ts'
import { spend } from './spending.ts'
import { updateLoadedPages } from './update-modules.ts'
import { whileGitWorks } from './wait-for-files.ts'

/** What a dev server makes on its own, as far as the options allow: one run at a time. */
export type DevWork = {
  /** Begins, when the server is there. */
  start(server: ViteDevServer): Promise<void>
  /** Looks again after a change. */
  again(): void
  /**
   * Whether an asset's picture is being made right now, for nothing, and is worth waiting for: long
   * work must not hold up every page.
   */
  isComing(asset: string): boolean
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
  /** Begins nothing more; resolves when what is under way has arrived. */
  stop(): Promise<void>
}

/**
 * A change often comes in several events, as when git checks out a branch; this long after the last
 * one work begins, ms.
 */
const SETTLE_MS = 100

/** How long after work began a page waits for what it makes, ms. */
const WORTH_MS = 1500

/** The work of one server. Begins nothing yet. */
export function createDevWork(context: Context): DevWork {
  const { project, config, options } = context
  const { generate, maxCost, partials } = options.dev
  const { logger } = config
  const isFree = generate === 'draft' || maxCost === 0
  const stopping = new AbortController()
  const refusals = createRefusals()
  let server: ViteDevServer | undefined
  let running: Promise<void> | undefined
  let isWanted = false
  /** When the work under way began, ms. */
  let since = 0

  async function run(): Promise<void> {
    while (isWanted && !stopping.signal.aborted) {
      await settle()
      since = performance.now()
      await context.refresh()
      await writeTypes(context)
      if (context.failure !== undefined || generate === 'never') continue
      if (generate === 'final' && isFree) {
        logger.warnOnce(
          "[limn] dev: { generate: 'final' } spends nothing without maxCost: what costs money shows a draft.",
        )
      }
      const names = refusals.leaveOut(context.state!)
      if (names !== undefined && names.length === 0) continue
      await make(names)
    }
  }

  /** Waits until a change is whole. */
  async function settle(): Promise<void> {
    do {
      isWanted = false
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
      await whileGitWorks(project.paths.root, stopping.signal)
    } while (isWanted && !stopping.signal.aborted)
  }

  /** Makes what is missing, and brings the pages up to date as it comes. `names`: only these. */
  async function make(names: readonly string[] | undefined): Promise<void> {
    // While paid work waited for its turn, another server may have done it.
    let isChanged = !isFree
    let release: (() => void) | undefined
    const report = createReport(context, () => server)
    const onEvent: OnEvent = (event) => {
      report(event)
      // Another process did some of it, or nothing is as it was planned.
      if (event.type === 'waiting' || event.type === 'generated' || event.type === 'moved') {
        isChanged = true
      }
      if (event.type === 'generating' && !isFree) release ??= holdInterrupts(() => leave())
      if (event.type === 'partial') showPartial(event.asset, event.picture, event.index)
      if (event.type === 'failed' && event.file === undefined) {
        refusals.note(context.state!, event.asset, event.error)
        if (context.partials.delete(event.asset)) isChanged = true
      }
    }
    const generateUpTo = async (
      maxUsd: number,
      tell: (usd: number) => void = () => {},
    ): Promise<void> => {
      await project.generate({
        names,
        freeOnly: isFree,
        derive: false,
        partials,
        maxUsd,
        signal: stopping.signal,
        onEvent: (event) => {
          if (event.type === 'progress') tell(event.progress.usd)
          onEvent(event)
        },
      })
    }
    try {
      await (isFree ? generateUpTo(0) : spend(project.paths.manifest, maxCost, generateUpTo))
    } catch (error) {
      logger.error(`[limn] ${toViteError(error, project.paths.root).message}`, { timestamp: true })
    } finally {
      release?.()
    }
    if (context.partials.size > 0) isChanged = true
    if (isChanged) await context.refresh()
    context.partials.clear()
    if (isChanged && server !== undefined) void updateLoadedPages(context, server)
  }

  function showPartial(asset: string, bytes: Uint8Array, index: number): void {
    context.partials.set(asset, { bytes, version: `partial-${index}-${sha256(bytes).slice(0, 8)}` })
    if (server !== undefined) void updateLoadedPages(context, server, { isPassing: true })
  }

  async function leave(): Promise<void> {
    logger.warn(
      '[limn] A picture that costs money is under way: it is waited for. Press Ctrl-C again to leave it.',
      { timestamp: true },
    )
    stopping.abort()
    await running
  }

  const again = (): void => {
    isWanted = true
    if (running === undefined) since = performance.now()
    running ??= run().finally(() => {
      running = undefined
      if (isWanted && !stopping.signal.aborted) again()
    })
  }

  return {
    async start(started) {
      if (stopping.signal.aborted) return
      server = started
      again()
      // What a page asks for is loaded before it asks.
      const [files] = await Promise.all([
        context.files(),
        import('../modules/load.ts'),
        import('./send-file.ts'),
      ])
      files.warmUp()
      await running
    },
    again,
    isComing(asset) {
      const step = context.state?.stepByAsset.get(asset)
      const costsNothing =
        step?.kind === 'move' ||
        step?.kind === 'recover' ||
        step?.kind === 'derive' ||
        (step?.kind === 'generate' && step.usd === 0)
      return (
        running !== undefined &&
        costsNothing &&
        generate !== 'never' &&
        performance.now() - since < WORTH_MS
      )
    },
    async settled(this: DevWork) {
      await running
      if (running !== undefined) await this.settled()
    },
    async stop() {
      stopping.abort()
      await running?.catch(() => {})
      await context.close()
    },
  }
}
