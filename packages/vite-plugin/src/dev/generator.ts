import type { Step } from '@limn/core'
import { createDebug } from '@limn/core/for-vite/start'
import type { ViteDevServer } from 'vite'
import type { Context } from '../context.ts'
import { warnIfManifestIsMissing } from '../errors/missing-manifest.ts'
import { writeTypes } from '../modules/write-types.ts'
import { createFailedRequests } from './failed-requests.ts'
import { type GenerationOptions, generateMissing, isFreeOnly } from './generate-missing.ts'
import type { GeneratorStatus } from './generator-status.ts'
import { reportStates } from './report-states.ts'
import { createRunLoop } from './run-loop.ts'

const debug = createDebug('vite')

/** Generates what a dev server is missing, as far as the options allow. */
export type DevGenerator = GeneratorStatus & {
  /** Starts the first run and preloads what the first page needs. Resolves when the run ends. */
  start(server: ViteDevServer): Promise<void>
  /** Requests a run after a change. */
  requestRun(): void
  /** Starts no further run. Resolves when the current run has ended. */
  stop(): Promise<void>
}

/** How long after a run started requests may wait for its images, ms. */
const WORTH_WAITING_MS = 1500

/** Creates the generator of one server. It is idle until it is started. */
export function createDevGenerator(context: Context): DevGenerator {
  const stopping = new AbortController()
  const failedRequests = createFailedRequests()
  let server: ViteDevServer | undefined
  const loop = createRunLoop({
    root: context.project.paths.root,
    signal: stopping.signal,
    run: () =>
      runOnce(context, {
        failedRequests,
        getServer: () => server,
        finishBeforeExit,
        signal: stopping.signal,
      }),
  })

  async function finishBeforeExit(): Promise<void> {
    context.log.warn(
      '[limn] Limn is waiting for a picture that was paid for. Press Ctrl-C again to exit without it.',
      { timestamp: true },
    )
    stopping.abort()
    await loop.running
  }

  return {
    async start(started) {
      if (stopping.signal.aborted) return
      server = started
      loop.request()
      await preload(context)
      await loop.running
    },
    requestRun: loop.request,
    isWorthWaitingFor: (asset) =>
      loop.running !== undefined &&
      isGeneratedForFree(context, asset) &&
      performance.now() - loop.startedAt < WORTH_WAITING_MS,
    async whenIdle() {
      while (loop.running !== undefined) await loop.running
    },
    async stop() {
      debug('generation: stopped')
      stopping.abort()
      await loop.running?.catch(() => {})
      await context.close()
    },
  }
}

/** Reads the project, updates the types and generates what is missing. */
async function runOnce(context: Context, options: Omit<GenerationOptions, 'names'>): Promise<void> {
  const { dev } = context.options
  await context.refresh('a generation run starts')
  await writeTypes(context)
  warnIfManifestIsMissing(context, context.failure)
  if (context.failure !== undefined) return
  reportStates(context)
  if (dev.generate === 'never') return
  if (dev.generate === 'final' && isFreeOnly(dev)) {
    context.log.warnOnce(
      "[limn] dev: { generate: 'final' } generates only free pictures, because dev.maxCost is 0. Set dev.maxCost in USD to generate paid pictures.",
    )
  }
  const names = options.failedRequests.assetsToGenerate(context.state!)
  if (names?.length === 0) return debug('generation: nothing to request that has not failed before')
  await generateMissing(context, { ...options, names })
}

/** Loads what the first page requests, before it does. */
async function preload(context: Context): Promise<void> {
  const [service] = await Promise.all([
    context.loadOutputService(),
    import('../modules/load.ts'),
    import('./send-file.ts'),
  ])
  service.warmUp()
}

function isGeneratedForFree({ options, state }: Context, asset: string): boolean {
  const step = state?.stepByAsset.get(asset)
  return options.dev.generate !== 'never' && step !== undefined && isFreeStep(step)
}

function isFreeStep(step: Step): boolean {
  if (step.kind === 'generate') return step.usd === 0
  return step.kind === 'move' || step.kind === 'recover' || step.kind === 'derive'
}
