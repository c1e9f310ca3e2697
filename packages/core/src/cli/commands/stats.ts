import { type Currency, formatUsd } from '../../models/cost.ts'
import type { Stats } from '../../project/types.ts'
import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'
import { printTable } from '../table.ts'
import { formatDuration } from '../text.ts'

const HEAD = [
  'model',
  'requests',
  'success',
  'failed',
  'retried',
  'mean time',
  'p95 time',
  'cost',
  'mean cost',
]

/** Runs `limn stats`: prints how the requests of this machine went, by model. Needs no key. */
export async function run(context: CommandContext): Promise<number> {
  const { output } = context
  const project = openProjectFor(context)
  const { all, byModel } = await project.stats()
  output.event({ type: 'stats', all })
  for (const [model, stats] of byModel) output.event({ type: 'stats-row', model, ...stats })
  if (output.json) return 0
  if (all === null) {
    output.line('No data yet: no pictures have been requested on this machine.')
    return 0
  }
  const { currency } = (await project.snapshot()).manifest
  const rows = [
    ...[...byModel].map(([model, stats]) => rowOf(model, stats, currency)),
    ...(byModel.size > 1 ? [rowOf('all', all, currency)] : []),
  ]
  printTable([HEAD, ...rows], output)
  return 0
}

function rowOf(
  name: string,
  { requests, successRate, failed, refused, meanMs, p95Ms, usd, unknown, meanUsd }: Stats,
  currency: Currency | null,
): string[] {
  const time = (ms: number | null): string => (ms === null ? '–' : formatDuration(ms))
  const unknownPrices = unknown === 0 ? '' : ` + ${unknown} unknown`
  return [
    name,
    String(requests),
    successRate === null ? '–' : `${(successRate * 100).toFixed(1)} %`,
    String(failed),
    String(refused),
    time(meanMs),
    time(p95Ms),
    `${formatUsd(usd, currency)}${unknownPrices}`,
    meanUsd === null ? '–' : formatUsd(meanUsd, currency),
  ]
}
