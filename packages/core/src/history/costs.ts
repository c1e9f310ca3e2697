import type { Lock } from '../lock/lock.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Plan } from '../plan/plan.ts'
import {
  type HistoryEntry,
  monthOf,
  type RequestEntry,
  type Saved,
  type SumEntry,
  type Tally,
} from './entry.ts'
import { addSaved, emptyTally, savedBy, spentIn, tallyAll, tallyBy } from './tally.ts'

/** Cost of the pictures of some assets. */
export type Cost = {
  assets: number
  /** Candidates count one by one. */
  pictures: number
  /** USD, without assets of unknown cost. */
  usd: number
  /** Number of assets of unknown cost. */
  unknown: number
  /** The part of `usd` that is estimated. */
  estimatedUsd: number
}

export type Costs = {
  /**
   * Requests in the history of this machine. `since`: day of the first request, or its month;
   * `null` if there are none.
   */
  spent: Tally & { since: string | null }
  /** Pictures in the lockfile, wherever they were paid for. */
  lock: Cost
  /**
   * Spending of this calendar month (UTC) by all copies of the project on this machine, USD, and
   * `budget.month`.
   */
  month: { month: string; usd: number; limit: number | null }
  /** Maximum cost of the current plan. */
  forecast: Cost
  saved: ReturnType<typeof savedBy>
}

/** Keys by which costs can be grouped. */
export const costKeys = ['asset', 'model', 'profile', 'run', 'month'] as const
export type CostKey = (typeof costKeys)[number]

export type CostRow = {
  name: string
  spent: Tally
  /** `null` if the lockfile cannot be grouped by the key. */
  lock: Cost | null
  /** `null` if the plan cannot be grouped by the key. */
  forecast: Cost | null
}

type CostSources = {
  entries: readonly HistoryEntry[]
  /** What all copies of the project spent this month, USD. */
  sharedUsd: number
  lock: Lock
  plan: Plan
  manifest: Manifest
}

/**
 * Summarizes what was spent, what the lockfile is worth, and what the plan would cost.
 *
 * @param month the current month in UTC, `2026-11`
 */
export function costsOf(
  { entries, sharedUsd, lock, plan, manifest }: CostSources,
  month: string,
): Costs {
  return {
    spent: { ...tallyAll(entries), since: firstDate(entries) },
    lock: lockCosts(lock, () => '').get('') ?? noCost,
    month: {
      month,
      usd: Math.max(sharedUsd, spentIn(month, entries)),
      limit: manifest.budget.month,
    },
    forecast: forecastCosts(plan, () => '').get('') ?? noCost,
    saved: savedBy(entries),
  }
}

function firstDate(entries: readonly HistoryEntry[]): string | null {
  const first = entries.find(({ kind }) => kind === 'request' || kind === 'sum')
  if (first === undefined) return null
  return 'month' in first ? first.month : first.at.slice(0, 10)
}

/**
 * Groups costs by asset, model, profile, run or month: runs and months in their order, everything
 * else by cost, the highest first.
 */
export function costRows(by: CostKey, { entries, lock, plan }: CostSources): CostRow[] {
  const spent = tallyBy(entries, spentKey(by, entries))
  const locked = groupLock(by, lock)
  const forecast = groupForecast(by, plan)
  const names = [
    ...new Set([...spent.keys(), ...(locked?.keys() ?? []), ...(forecast?.keys() ?? [])]),
  ]
  const rows = names.map((name) => ({
    name,
    spent: spent.get(name) ?? emptyTally,
    lock: locked === undefined ? null : (locked.get(name) ?? noCost),
    forecast: forecast === undefined ? null : (forecast.get(name) ?? noCost),
  }))
  return rows.sort(by === 'run' || by === 'month' ? byTime : byCost)
}

/** Name of the row for requests that are kept only as a sum, which no longer have a run. */
const BEFORE = 'before'

function spentKey(
  by: CostKey,
  entries: readonly HistoryEntry[],
): (entry: RequestEntry | SumEntry) => string {
  if (by === 'asset') return ({ asset }) => asset
  if (by === 'model') return ({ model }) => model
  if (by === 'profile') return ({ profile }) => profile ?? 'none'
  if (by === 'month') return monthOf
  const startByRun = new Map<string, string>()
  for (const entry of entries) {
    if (entry.kind === 'request' && !startByRun.has(entry.run)) startByRun.set(entry.run, entry.at)
  }
  return (entry) =>
    entry.kind === 'sum'
      ? BEFORE
      : `${startByRun.get(entry.run)!.slice(0, 16).replace('T', ' ')} ${entry.run}`
}

/** Groups the pictures of the lockfile; `undefined` if it does not know the key. */
function groupLock(by: CostKey, lock: Lock): Map<string, Cost> | undefined {
  if (by === 'asset') return lockCosts(lock, (asset) => asset)
  if (by === 'model') return lockCosts(lock, (_, model) => model)
  return by === 'month' ? lockCosts(lock, (_, __, at) => at.slice(0, 7)) : undefined
}

/** Groups the pictures of the plan; `undefined` if it does not know the key. */
function groupForecast(by: CostKey, plan: Plan): Map<string, Cost> | undefined {
  if (by === 'asset') return forecastCosts(plan, (asset) => asset)
  return by === 'model' ? forecastCosts(plan, (_, model) => model) : undefined
}

function byName(a: CostRow, b: CostRow): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}

function byTime(a: CostRow, b: CostRow): number {
  return Number(b.name === BEFORE) - Number(a.name === BEFORE) || byName(a, b)
}

function byCost(a: CostRow, b: CostRow): number {
  return b.spent.usd - a.spent.usd || (b.lock?.usd ?? 0) - (a.lock?.usd ?? 0) || byName(a, b)
}

const noCost: Cost = { assets: 0, pictures: 0, usd: 0, unknown: 0, estimatedUsd: 0 }

function lockCosts(
  { assets }: Lock,
  keyOf: (asset: string, model: string, at: string) => string,
): Map<string, Cost> {
  return sumByKey(
    [...assets].flatMap(([name, { request, made }]) =>
      request.operation === 'source'
        ? []
        : [
            {
              key: keyOf(name, request.model, made.at),
              pictures: made.candidates ?? 1,
              usd: made.usd ?? null,
              isEstimate: made.estimated === true,
            },
          ],
    ),
  )
}

function forecastCosts(
  { steps }: Plan,
  keyOf: (asset: string, model: string) => string,
): Map<string, Cost> {
  return sumByKey(
    steps.flatMap((step) =>
      step.kind === 'generate'
        ? [
            {
              key: keyOf(step.asset, step.request.model),
              pictures: step.images,
              usd: step.usd,
              isEstimate: true,
            },
          ]
        : [],
    ),
  )
}

function sumByKey(
  items: readonly { key: string; pictures: number; usd: number | null; isEstimate: boolean }[],
): Map<string, Cost> {
  const costs = new Map<string, Cost>()
  for (const { key, pictures, usd, isEstimate } of items) {
    const sum = costs.get(key) ?? noCost
    costs.set(key, {
      assets: sum.assets + 1,
      pictures: sum.pictures + pictures,
      usd: sum.usd + (usd ?? 0),
      unknown: sum.unknown + (usd === null ? 1 : 0),
      estimatedUsd: sum.estimatedUsd + (isEstimate ? (usd ?? 0) : 0),
    })
  }
  return costs
}

/** Sums both kinds of saved pictures. */
export function allSaved({ kept, recovered }: Costs['saved']): Saved {
  return addSaved(kept, recovered)
}
