import type { LimnEvent, OnEvent } from '../../events.ts'
import { priceOfStep } from '../../plan/steps.ts'

/** What a session of `limn mcp` may spend, and has spent. */
export type McpSpending = {
  /** The limit of the whole session, USD; `null` if the session spends nothing. */
  readonly capUsd: number | null
  readonly spentUsd: number
  /** What may still be spent, USD. */
  readonly leftUsd: number
  /**
   * Does work that may cost money, after all earlier work of the session has ended, and counts what
   * it spends.
   */
  spend<T extends { usd: number }>(work: (room: SpendingRoom) => Promise<T>): Promise<T>
}

/** What one run may spend, USD, and the listener that counts it while the run goes on. */
export type SpendingRoom = { maxUsd: number; onEvent: OnEvent }

/** Creates the spending of a session. `capUsd`: `undefined` if it spends nothing. */
export function createMcpSpending(capUsd: number | undefined): McpSpending {
  let spent = 0
  let last: Promise<unknown> = Promise.resolve()
  const left = (): number => Math.max(0, (capUsd ?? 0) - spent)

  async function spendNow<T extends { usd: number }>(
    work: (room: SpendingRoom) => Promise<T>,
  ): Promise<T> {
    const before = spent
    const meter = createMeter()
    try {
      const result = await work({
        maxUsd: left(),
        onEvent(event) {
          meter.add(event)
          spent = before + meter.usd
        },
      })
      spent = before + Math.max(result.usd, meter.usd)
      return result
    } catch (error) {
      spent = before + meter.usd + meter.openUsd
      throw error
    }
  }

  return {
    capUsd: capUsd ?? null,
    get spentUsd() {
      return spent
    },
    get leftUsd() {
      return left()
    },
    spend(work) {
      const done = last.then(() => spendNow(work))
      last = done.catch(() => {})
      return done
    },
  }
}

/** Sums up what a run spends by its events. */
type Meter = {
  add(event: LimnEvent): void
  /** USD that responses have cost. */
  readonly usd: number
  /** The price at most of the requests without a response, USD. */
  readonly openUsd: number
}

function createMeter(): Meter {
  const priceByAsset = new Map<string, number>()
  const open = new Set<string>()
  let usd = 0
  return {
    add(event) {
      if (event.type === 'planned') {
        for (const step of event.plan.steps) {
          const usd = (priceByAsset.get(step.asset) ?? 0) + (priceOfStep(step) ?? 0)
          priceByAsset.set(step.asset, usd)
        }
      } else if (event.type === 'generating') open.add(event.asset)
      else if (event.type === 'generated' || event.type === 'failed') open.delete(event.asset)
      else if (event.type === 'progress') usd = Math.max(usd, event.progress.usd)
    },
    get usd() {
      return usd
    },
    get openUsd() {
      return [...open].reduce((sum, asset) => sum + (priceByAsset.get(asset) ?? 0), 0)
    },
  }
}
