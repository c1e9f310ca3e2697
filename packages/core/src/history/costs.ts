import type { Lock } from '../lock/lock.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Plan } from '../plan/plan.ts'
import { type HistoryEntry, monthOf, type Saved, type Tally } from './entry.ts'
import { emptyTally, savedBy, spentIn, tallyAll, tallyBy } from './tally.ts'

/**
 * What the pictures of some assets cost, USD, and for how many assets that is not known. `pictures`
 * counts candidates one by one.
 */
export type Cost = {
  assets: number
  pictures: number
  usd: number
  unknown: number
  estimatedUsd: number
}

export type Costs = {
  /**
   * Requests from this machine, as its history has them. `since`: the day of the first, or its
   * month; `null` where there were none.
   */
  spent: Tally & { since: string | null }
  /** The pictures that the lock names, whoever paid for them and where. */
  lock: Cost
  /** This calendar month (UTC) on this machine, against `budget.month`. */
  month: { month: string; usd: number; limit: number | null }
  /** What the plan would ask for now, at most. */
  forecast: Cost
  saved: ReturnType<typeof savedBy>
}

/** By what costs can be told apart. */
export const costKeys = ['asset', 'model', 'profile', 'run', 'month'] as const
export type CostKey = (typeof costKeys)[number]

export type CostRow = {
  name: string
  spent: Tally
  /** `null` where the lock does not know. */
  lock: Cost | null
  /** `null` where the plan does not know. */
  forecast: Cost | null
}

export type CostSources = {
  entries: readonly HistoryEntry[]
  lock: Lock
  plan: Plan
  manifest: Manifest
}

/** All there is to say of costs. `month` is this one, `2026-11`. */
export function costsOf({ entries, lock, plan, manifest }: CostSources, month: string): Costs {
  const first = entries.find(({ kind }) => kind === 'request' || kind === 'sum')
  return {
    spent: {
      ...tallyAll(entries),
      since:
        first === undefined
          ? null
          : 'month' in first
            ? first.month
            : first.kind === 'request'
              ? first.at.slice(0, 10)
              : null,
    },
    lock: [...lockCosts(lock, () => '').values()][0] ?? nothing,
    month: { month, usd: spentIn(month, entries), limit: manifest.budget.month },
    forecast: [...forecastCosts(plan, () => '').values()][0] ?? nothing,
    saved: savedBy(entries),
  }
}

/**
 * The costs by asset, model, profile, run or month; the dearest first, runs and months in their
 * order.
 */
export function costRows(by: CostKey, { entries, lock, plan }: CostSources): CostRow[] {
  const starts = new Map<string, string>()
  for (const entry of entries) {
    if (entry.kind === 'request' && !starts.has(entry.run)) starts.set(entry.run, entry.at)
  }
  const spent = tallyBy(entries, (entry) => {
    if (by === 'asset') return entry.asset
    if (by === 'model') return entry.model
    if (by === 'profile') return entry.profile ?? 'none'
    if (by === 'month') return monthOf(entry)
    return entry.kind === 'sum'
      ? 'before'
      : `${starts.get(entry.run)!.slice(0, 16).replace('T', ' ')} ${entry.run}`
  })
  const locked =
    by === 'asset' || by === 'model' || by === 'month'
      ? lockCosts(lock, (name, model, at) =>
          by === 'asset' ? name : by === 'model' ? model : at.slice(0, 7),
        )
      : undefined
  const forecast =
    by === 'asset' || by === 'model'
      ? forecastCosts(plan, (name, model) => (by === 'asset' ? name : model))
      : undefined
  const names = [
    ...new Set([...spent.keys(), ...(locked?.keys() ?? []), ...(forecast?.keys() ?? [])]),
  ]
  const rows = names.map((name) => ({
    name,
    spent: spent.get(name) ?? emptyTally,
    lock: locked === undefined ? null : (locked.get(name) ?? nothing),
    forecast: forecast === undefined ? null : (forecast.get(name) ?? nothing),
  }))
  const inOrder = (a: CostRow, b: CostRow): number =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : 0
  if (by === 'run' || by === 'month') {
    return rows
      .sort(inOrder)
      .sort((a, b) => Number(b.name === 'before') - Number(a.name === 'before'))
  }
  return rows.sort(
    (a, b) => b.spent.usd - a.spent.usd || (b.lock?.usd ?? 0) - (a.lock?.usd ?? 0) || inOrder(a, b),
  )
}

const nothing: Cost = { assets: 0, pictures: 0, usd: 0, unknown: 0, estimatedUsd: 0 }

function lockCosts(
  { assets }: Lock,
  keyOf: (asset: string, model: string, at: string) => string,
): Map<string, Cost> {
  return addUp(
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
  return addUp(
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

function addUp(
  items: readonly { key: string; pictures: number; usd: number | null; isEstimate: boolean }[],
): Map<string, Cost> {
  const costs = new Map<string, Cost>()
  for (const { key, pictures, usd, isEstimate } of items) {
    const before = costs.get(key) ?? nothing
    costs.set(key, {
      assets: before.assets + 1,
      pictures: before.pictures + pictures,
      usd: before.usd + (usd ?? 0),
      unknown: before.unknown + (usd === null ? 1 : 0),
      estimatedUsd: before.estimatedUsd + (isEstimate ? (usd ?? 0) : 0),
    })
  }
  return costs
}

/** Both kinds of saving together. */
export function allSaved({ kept, recovered }: Costs['saved']): Saved {
  return {
    pictures: kept.pictures + recovered.pictures,
    usd: kept.usd + recovered.usd,
    unknown: kept.unknown + recovered.unknown,
  }
}
