import type { OnEvent } from '@limn/core'
import { sha256 } from '@limn/core/for-vite'
import { createDebug, elapsed } from '@limn/core/for-vite/start'
import type { ViteDevServer } from 'vite'
import type { Context } from '../context.ts'
import { toViteError } from '../errors/vite-error.ts'
import type { ResolvedOptions } from '../options.ts'
import type { FailedRequests } from './failed-requests.ts'
import { createFailureLog, type FailureLog } from './failure-log.ts'
import { holdInterrupts } from './hold-interrupts.ts'
import { createReporter } from './report.ts'
import { runFeedOf } from './run-feed.ts'
import { createRunSpending, type RunSpending } from './run-spending.ts'
import { type PaidWork, spend } from './spending.ts'
import { updateLoadedPages } from './update-modules.ts'

const debug = createDebug('vite')

export type GenerationOptions = {
  /** The assets to generate; `undefined` for all. */
  names: readonly string[] | undefined
  failedRequests: FailedRequests
  /** Returns the server whose pages are updated; `undefined` before it is started. */
  getServer(): ViteDevServer | undefined
  /** Called on the first Ctrl-C during paid work. The process exits when it resolves. */
  finishBeforeExit(): Promise<void>
  signal: AbortSignal
}

/** Returns whether the options allow free work only. */
export function isFreeOnly({ generate, maxCost }: ResolvedOptions['dev']): boolean {
  return generate === 'draft' || maxCost === 0
}

/** Generates what is missing and updates the pages as images arrive. Logs errors. */
export async function generateMissing(
  context: Context,
  { names, failedRequests, getServer, finishBeforeExit, signal }: GenerationOptions,
): Promise<void> {
  const { project, log, options, dev } = context
  const freeOnly = isFreeOnly(options.dev)
  // While paid work waited for its turn, another server may have done it.
  let isChanged = !freeOnly
  let releaseInterrupts: (() => void) | undefined
  const spending = createRunSpending()
  const stopping = new AbortController()
  const shown = runFeedOf(context).start(() => stopping.abort())
  const failures = createFailureLog(context, getServer)
  const follow = createEventHandler(context, {
    failedRequests,
    failures,
    spending,
    getServer,
    onChange: () => (isChanged = true),
    onRequest() {
      if (!freeOnly) releaseInterrupts ??= holdInterrupts(finishBeforeExit)
    },
  })
  const onEvent: OnEvent = (event) => {
    follow(event)
    shown.onEvent(event)
  }
  const start = performance.now()
  debug('generation: run starts, %s images', freeOnly ? 'only free' : 'free and paid')
  try {
    const anySignal = AbortSignal.any([signal, stopping.signal])
    await generate(context, { names, freeOnly, spending, onEvent, signal: anySignal })
  } catch (error) {
    log.error(`[limn] ${toViteError(error, project.paths.root).message}`, { timestamp: true })
  } finally {
    failures.finish()
    shown.end()
    releaseInterrupts?.()
    if (debug.enabled) debug('generation: run ends, %s', elapsed(start))
  }
  if (dev.partialByAsset.size > 0) isChanged = true
  if (isChanged) await context.refresh('a generation run changed images')
  dev.partialByAsset.clear()
  const server = getServer()
  if (isChanged && server !== undefined) void updateLoadedPages(context, server)
}

type RunOptions = Pick<GenerationOptions, 'names' | 'signal'> & {
  freeOnly: boolean
  spending: RunSpending
  onEvent: OnEvent
}

/** Generates images, the paid ones up to `dev.maxCost`. */
function generate(
  { project, options: { dev } }: Context,
  { names, freeOnly, spending, onEvent, signal }: RunOptions,
): Promise<void> {
  const work: PaidWork['work'] = async (maxUsd, report) => {
    spending.start(maxUsd)
    await project.generate({
      names,
      freeOnly,
      derive: false,
      partials: dev.partials,
      maxUsd,
      signal,
      onEvent: (event) => {
        if (event.type === 'progress') report(event.progress.usd)
        onEvent(event)
      },
    })
  }
  if (freeOnly) return work(0, () => {})
  return spend({ manifest: project.paths.manifest, maxUsd: dev.maxCost, work })
}

type EventHandlerOptions = Pick<GenerationOptions, 'failedRequests' | 'getServer'> & {
  failures: FailureLog
  spending: RunSpending
  /** Called when the project is no longer as it was read. */
  onChange(): void
  /** Called when a request is about to be sent. */
  onRequest(): void
}

function createEventHandler(
  context: Context,
  { failedRequests, failures, getServer, spending, onChange, onRequest }: EventHandlerOptions,
): OnEvent {
  const { partialByAsset, failureByAsset } = context.dev
  const report = createReporter(context, { failures, spending })
  return (event) => {
    spending.follow(event)
    report(event)
    // After `waiting`, another process may have done the work or changed the project.
    if (event.type === 'waiting' || event.type === 'generated' || event.type === 'moved') onChange()
    if (event.type === 'generating') {
      failureByAsset.delete(event.asset)
      onRequest()
    }
    if (event.type === 'partial') {
      const version = `partial-${event.index}-${sha256(event.picture).slice(0, 8)}`
      partialByAsset.set(event.asset, { bytes: event.picture, version })
      const server = getServer()
      if (server !== undefined) void updateLoadedPages(context, server, { isTransient: true })
    }
    if (event.type === 'failed' && event.file === undefined) {
      failedRequests.record(context.state!, event)
      if (partialByAsset.delete(event.asset)) onChange()
    }
  }
}
