import type { RequestEntry } from '../history/entry.ts'
import type { LockEntry } from '../lock/lock.ts'
import type { Output } from '../manifest/manifest.ts'
import { mayBeBilled, ProviderError } from '../providers/provider.ts'
import type { CompleteRequest } from './complete-request.ts'
import { codeOf } from './failures.ts'
import type { Received } from './find-received.ts'
import type { OrderListeners, Orders } from './orders.ts'
import type { InstallStages, RequestStages } from './picture-stages.ts'
import { reserve } from './reservation.ts'
import type { Outcome } from './run-history.ts'
import type { GenerateStep } from './run-steps.ts'
import type { Workspace } from './workspace.ts'

/** Returns the outputs that a worker can derive: it has no fonts and no templates for overlays. */
function derivedByWorkers({ assetByName }: Workspace, asset: string): Output[] {
  return assetByName.get(asset)!.outputs.filter(({ overlay }) => overlay === undefined)
}

type OrderStages = InstallStages & RequestStages

/**
 * Has the pictures of an asset requested by another process, and writes them to the journal. The
 * budget and the history count an order at its worst-case cost before it is placed.
 *
 * @throws what `Orders.place` throws
 */
export async function orderIntoJournal(
  step: GenerateStep,
  complete: CompleteRequest,
  stages: OrderStages & { orders: Orders },
): Promise<Received> {
  const { asset, images, usd } = step
  const { workspace, access, journal, lockWriter, orders, outputs } = stages
  // The order empties this list of inputs, so that nothing keeps them in memory.
  const { request, inputs } = complete
  const reservation = await reserve(access.budget, usd)
  const tracker = trackOrder(step, complete, stages)
  try {
    reservation.send(usd)
    const order = {
      asset,
      request,
      inputs,
      images,
      usd,
      replaces: replacedBy(step, lockWriter.lock.assets.get(asset)),
      outputs: outputs === undefined ? [] : derivedByWorkers(workspace, asset),
    }
    const answer = await orders.place(order, tracker.listeners)
    const { made, ms, isFound: recovered } = answer
    reservation.spend(answer.usd)
    await tracker.end({ outcome: 'ok', usd: answer.usd, ms, provider: made.provider })
    const keys = await journal.keep(answer.pictures.slice(0, images), { asset, request, made })
    await answer.end()
    const folder = workspace.paths.journal
    return { asset, request, folder, keys, digest: null, made, recovered, isStored: true, ms }
  } catch (error) {
    const cost = error instanceof ProviderError && mayBeBilled(error) ? usd : 0
    if (!tracker.isEnded) reservation.spend(cost)
    await tracker.end({ outcome: codeOf(error), usd: cost, ms: 0, ...markEstimate(cost) })
    throw error
  } finally {
    reservation.settle()
    tracker.close()
  }
}

function markEstimate(usd: number | null): Pick<Outcome, 'estimated'> {
  return usd === 0 ? {} : { estimated: true }
}

/** Returns the digest of the master that a forced step replaces; `none` if there is no master. */
function replacedBy({ reasons }: GenerateStep, entry: LockEntry | undefined): string | undefined {
  const isForced = reasons.some(({ code }) => code === 'forced')
  return isForced ? (entry?.master.sha256 ?? 'none') : undefined
}

/** An order in the history, and in the progress of the run. */
type OrderTracker = {
  listeners: OrderListeners
  /** Whether its outcome was recorded. */
  readonly isEnded: boolean
  /** Records its outcome, the first time, if it was recorded before. */
  end(outcome: Outcome): Promise<void>
  close(): void
}

function trackOrder(
  { asset, images: pictures, usd }: GenerateStep,
  { request: { model, operation, size, quality } }: CompleteRequest,
  { access: { history, limiters }, progress, onEvent }: OrderStages,
): OrderTracker {
  const entry: Omit<RequestEntry, 'kind' | 'id' | 'run' | 'at' | 'ms' | 'outcome'> = {
    provider: limiters.provider.name,
    asset,
    model,
    operation,
    size,
    quality,
    pictures,
    retries: 0,
    usd,
  }
  let recordOutcome: ((outcome: Outcome) => Promise<void>) | undefined
  let isStarted = false
  let isEnded = false
  return {
    listeners: {
      async beforePlaced() {
        recordOutcome ??= await history.begin(entry)
      },
      onStarted() {
        if (isStarted) return
        isStarted = true
        progress.requestStarted()
        onEvent({ type: 'generating', asset })
        progress.report()
      },
      onRetry: (wait) => onEvent({ type: 'retrying', asset, ...wait }),
      onLimit: (wait) => onEvent({ type: 'limited', asset, ...wait }),
    },
    get isEnded() {
      return isEnded
    },
    async end(outcome) {
      if (isEnded) return
      isEnded = true
      await recordOutcome?.(outcome)
    },
    close() {
      if (isStarted) progress.requestEnded()
    },
  }
}
