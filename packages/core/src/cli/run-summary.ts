import { LimnError } from '../errors.ts'
import { type Currency, formatUsd } from '../models/cost.ts'
import type { GenerateResult } from '../project/generate.ts'

/**
 * Assets whose pictures were not generated, their cost at most, USD, and how many have no known
 * price.
 */
export type Remaining = { assets: number; usd: number; unknown: number }

/** `2 generated ($0.026), 9 files made`; empty if nothing was done. */
export function summarizeRun(
  { generated, recovered, moved, derived, sent, usd }: Omit<GenerateResult, 'plan'>,
  currency: Currency | null,
): string {
  const usdOfBatches = sent.reduce((sum, batch) => sum + (batch.usd ?? 0), 0)
  const usdOfGenerated = Math.max(0, usd - usdOfBatches)
  const inBatches = sent.flatMap(({ assets }) => assets).length
  const parts: readonly [number: number, text: string][] = [
    [generated, `generated (${formatUsd(usdOfGenerated, currency)})`],
    [inBatches, `sent in a batch (up to ${formatUsd(usdOfBatches, currency)})`],
    [recovered, 'recovered'],
    [moved, 'renamed'],
    [derived, `file${derived === 1 ? '' : 's'} made`],
  ]
  return parts.flatMap(([number, text]) => (number > 0 ? [`${number} ${text}`] : [])).join(', ')
}

/** Returns what of a plan was not generated. */
export function remainingOf({ plan, failed }: Pick<GenerateResult, 'plan' | 'failed'>): Remaining {
  const names = new Set(failed.flatMap(({ asset, file }) => (file === undefined ? [asset] : [])))
  const prices = plan.steps.flatMap((step) =>
    step.kind === 'generate' && names.has(step.asset) ? [step.usd] : [],
  )
  return {
    assets: prices.length,
    usd: prices.reduce<number>((sum, usd) => sum + (usd ?? 0), 0),
    unknown: prices.filter((usd) => usd === null).length,
  }
}

/** `up to $0.039`, `up to $0.039 and 1 of unknown price`. */
export function describeCost(
  { assets, usd, unknown }: Remaining,
  currency: Currency | null,
): string {
  const known = assets > unknown ? [`up to ${formatUsd(usd, currency)}`] : []
  return [...known, ...(unknown > 0 ? [`${unknown} of unknown price`] : [])].join(' and ')
}

/** Returns whether a request was not sent because it would exceed the budget. */
export function isOverBudget(error: unknown): boolean {
  return error instanceof LimnError && error.code === 'budget/exceeded'
}
