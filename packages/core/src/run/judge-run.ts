import { requireWritesAllowed } from '../disk/write-guard.ts'
import { openHistory } from '../history/history-file.ts'
import { openSharedSpending } from '../history/shared-spending.ts'
import { nothingSaved } from '../history/tally.ts'
import type { JudgeCost } from '../judge/judge.ts'
import { JudgeFailure } from '../judge/judge.ts'
import { type BudgetLimit, createBudget } from '../limits/budget.ts'
import { type Clock, systemClock } from '../limits/clock.ts'
import { createLimiter } from '../limits/rate-limiter.ts'
import { withRetry } from '../limits/retry.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { ProviderEnvironment } from '../providers/environment.ts'
import { mayBeBilled, ProviderError } from '../providers/provider.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { codeOf } from './failures.ts'
import { monthBudget } from './month-budget.ts'
import { reserve, type Reservation } from './reservation.ts'
import { createRunHistory, type RunHistory } from './run-history.ts'

/** Requests to the judge that count together: one budget, one rate, one run of the history. */
export type JudgeRun = {
  /** USD spent so far. */
  readonly spent: number
  /**
   * Asks the judge once the budget and the rate allow it, and retries as for pictures. Each attempt
   * is recorded before it is sent, at the most that it can cost.
   *
   * @param keep stores what was paid for, before anything else happens with it
   * @throws LimnError `budget/exceeded`, `store/…`, `aborted`; ProviderError; what `keep` throws
   */
  ask<T extends JudgeCost>(question: AskedQuestion<T>): Promise<T>
  /** Records the run. Call it once. */
  close(result: { done: number; failed: number }): Promise<void>
}

type AskedQuestion<T> = {
  asset: string
  operation: 'describe' | 'examine'
  /** The most that it costs, USD; `null` if the price is unknown. */
  usd: number | null
  /** Sends one request. */
  send: () => Promise<T>
  keep: (answer: T) => Promise<void>
}

type JudgeRunOptions = {
  paths: ProjectPaths
  env: ProviderEnvironment
  manifest: Pick<Manifest, 'budget' | 'judge'>
  /** The most that the requests cost by the price that was shown, USD. */
  plannedUsd: number
  /** The limit of this run, USD, in addition to the manifest's. Default: what was shown. */
  maxUsd?: number | undefined
  profile?: string | undefined
  clock?: Clock | undefined
  /** Starts nothing more. */
  signal?: AbortSignal | undefined
}

/** Opens a run of requests to the judge, as the single writer. */
export function openJudgeRun(options: JudgeRunOptions): JudgeRun {
  const { paths, env, manifest, clock = systemClock, signal, profile } = options
  const { model, provider, server } = manifest.judge
  const shared = openSharedSpending(paths, env)
  const file = openHistory(paths.state, shared)
  const month = monthBudget({ manifest, paths }, shared)
  const budget = createBudget(limitsOf(options, month?.limit))
  const history = createRunHistory(file, {
    profile,
    async requireSendable(usd) {
      await requireWritesAllowed()
      month?.update()
      budget.requireRoom(usd)
    },
  })
  const limiter = createLimiter({ limits: server.limits, clock, signal })
  return {
    get spent() {
      return budget.spent
    },
    async ask(question) {
      const reservation = await reserve(budget, question.usd)
      let retries = 0
      const attempt = (): ReturnType<typeof question.send> =>
        sendOnce(question, { reservation, history, retries: retries++, model, provider })
      try {
        return await withRetry(() => limiter.schedule(NO_PICTURES, attempt), { clock, signal })
      } finally {
        reservation.settle()
      }
    },
    async close({ done, failed }) {
      const counts = { generated: done, failed, usd: budget.spent, kept: nothingSaved }
      await history.end(counts)
      await file.close()
    },
  }
}

/** The limits of pictures per minute are for generated ones. */
const NO_PICTURES = { images: 0, inputImages: 0 }

function limitsOf(
  { manifest: { budget }, maxUsd, plannedUsd }: JudgeRunOptions,
  month: BudgetLimit | undefined,
): BudgetLimit[] {
  return [
    maxUsd === undefined ? { of: 'plan', usd: plannedUsd } : { of: 'max-cost', usd: maxUsd },
    ...(budget.run === null ? [] : [{ of: 'run' as const, usd: budget.run }]),
    ...(month === undefined ? [] : [month]),
  ]
}

type Attempt = {
  reservation: Reservation
  history: RunHistory
  retries: number
  model: string
  provider: string
}

async function sendOnce<T extends JudgeCost>(
  { asset, operation, usd, send, keep }: AskedQuestion<T>,
  { reservation, history, retries, model, provider }: Attempt,
): Promise<T> {
  reservation.send(usd)
  const entry = { provider, asset, model, operation, size: '', quality: '', pictures: 0 }
  const record = await history.begin({ ...entry, retries, usd }).catch((error: unknown) => {
    reservation.spend(0)
    throw error
  })
  const started = performance.now()
  const end = async (outcome: string, cost: number | null, isExact: boolean): Promise<void> => {
    reservation.spend(cost)
    const ms = performance.now() - started
    await record({ outcome, usd: cost, ms, ...(isExact ? {} : { estimated: true }) })
  }
  let answer: T
  try {
    answer = await send()
  } catch (error) {
    const actual = error instanceof JudgeFailure ? error.cost.usd : null
    const isBilled = error instanceof ProviderError && mayBeBilled(error)
    await end(codeOf(error), isBilled ? (actual ?? usd) : 0, !isBilled || actual !== null)
    throw error
  }
  try {
    await keep(answer)
  } finally {
    await end('ok', answer.usd ?? usd, answer.usd !== null)
  }
  return answer
}
