import type { Calls } from '@limn/contact-sheet'
import { LimnError } from '../../errors.ts'
import type { OnEvent } from '../../events.ts'
import { formatUsd, USD_TOLERANCE } from '../../models/cost.ts'
import type { SheetContext } from './context.ts'
import { toPlanSelection, unknownPrice } from './price-run.ts'

/**
 * Generates what the page asked for, within the amount that its person agreed to.
 *
 * @throws LimnError `plan/stale` if it costs more now, `budget/exceeded` if the host allows less
 */
export async function startRun(
  context: SheetContext,
  { agreedUsd, ...selection }: Calls['generate']['input'],
): Promise<Calls['generate']['output']> {
  return spendShown(context, agreedUsd, async ({ maxUsd, ...run }) => {
    const { generated, recovered, failed, usd } = await context.host.project.generate({
      ...toPlanSelection(selection),
      ...run,
      maxUsd,
      approve: async (plan) => {
        requireKnown(plan.unknownPrices === 0)
        requireAgreed(plan.usd, agreedUsd)
        requireLeft(context, plan.usd, maxUsd)
      },
    })
    return { generated: generated + recovered, failed: failed.length, usd }
  })
}

/**
 * Requests variants as candidates, within the amount that a person agreed to.
 *
 * @throws LimnError as `startRun`
 */
export async function startComparison(
  context: SheetContext,
  { name, variants, agreedUsd }: Calls['compare']['input'],
): Promise<Calls['compare']['output']> {
  const { project } = context.host
  return spendShown(context, agreedUsd, async ({ maxUsd, ...run }) => {
    const priced = await project.priceVariants(name, variants)
    const total = priced.usd.reduce<number>((sum, usd) => sum + (usd ?? 0), 0)
    if (priced.mistakes[0] !== undefined) {
      throw new LimnError('asset/no-candidate', priced.mistakes[0], { hint: 'Change the variant.' })
    }
    requireKnown(!priced.usd.includes(null))
    requireAgreed(total, agreedUsd)
    requireLeft(context, total, maxUsd)
    const { made, failed, usd } = await project.compareVariants(name, variants, { ...run, maxUsd })
    return { made, failed: failed.map(({ error }) => error.message), usd }
  })
}

/** The options of a run that the page shows and can stop. */
type ShownOptions = { maxUsd: number; onEvent: OnEvent; signal: AbortSignal }

/** Runs work that may cost money, one at a time, and shows it in the pages. */
async function spendShown<T extends { usd: number }>(
  { host, runs }: SheetContext,
  agreedUsd: number,
  work: (options: ShownOptions) => Promise<T>,
): Promise<T> {
  const stop = new AbortController()
  const leaveQueue = runs.wait(() => stop.abort())
  return host.spending.spend(agreedUsd, async (maxUsd, report) => {
    leaveQueue()
    if (stop.signal.aborted) {
      throw new LimnError('aborted', 'The run was stopped before it started.')
    }
    const run = runs.start(() => stop.abort())
    const onEvent: OnEvent = (event) => {
      if (event.type === 'progress') report(event.progress.usd)
      run.onEvent(event)
    }
    try {
      const result = await work({ maxUsd, onEvent, signal: stop.signal })
      report(result.usd)
      return result
    } finally {
      run.end()
    }
  })
}

/** @throws LimnError `plan/stale` if a run costs more than a person agreed to */
function requireAgreed(usd: number, agreedUsd: number): void {
  if (usd <= agreedUsd + USD_TOLERANCE) return
  throw new LimnError(
    'plan/stale',
    `It may cost ${formatUsd(usd)} now, which is more than the ${formatUsd(agreedUsd)} that was agreed to.`,
    { hint: 'Look at the price again.' },
  )
}

/** @throws LimnError `budget/exceeded` if a run costs more than what is left of the host's limit */
function requireLeft({ host }: SheetContext, usd: number, maxUsd: number): void {
  if (usd <= maxUsd + USD_TOLERANCE) return
  throw new LimnError(
    'budget/exceeded',
    `It may cost ${formatUsd(usd)}, but only ${formatUsd(maxUsd)} is left.`,
    { hint: host.spending.hint },
  )
}

/** @throws LimnError `budget/exceeded` if the price of a request is unknown */
function requireKnown(isKnown: boolean): void {
  if (isKnown) return
  throw new LimnError('budget/exceeded', unknownPrice.message, { hint: unknownPrice.hint })
}
