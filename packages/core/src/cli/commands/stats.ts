import { type Stats, statsOf } from '../../history/stats.ts'
import { type Currency, formatUsd } from '../../models/cost.ts'
import type { CommandContext } from '../command.ts'
import { openFrom } from '../open-project.ts'
import { seconds } from '../progress.ts'
import { formatTable } from '../table.ts'

/** `limn stats`: how the requests of this machine went, by model. Reads only, needs no key. */
export async function run(context: CommandContext): Promise<number> {
  const { output } = context
  const project = openFrom(context)
  const { all, byModel } = statsOf(await project.history())
  output.event({ type: 'stats', all })
  for (const [model, stats] of byModel) output.event({ type: 'stats-row', model, ...stats })
  if (output.json) return 0
  if (all === null) {
    output.line('No data yet: no pictures have been asked for on this machine.')
    return 0
  }
  const { manifest } = await project.snapshot()
  const head = [
    'model',
    'requests',
    'success',
    'failed',
    'asked again',
    'mean time',
    'p95 time',
    'cost',
    'mean cost',
  ]
  const rows = [...byModel].map(([model, stats]) => rowOf(model, stats, manifest.currency))
  const [first, ...others] = formatTable([
    head,
    ...rows,
    ...(rows.length > 1 ? [rowOf('all', all, manifest.currency)] : []),
  ])
  output.line(output.paint('bold', first!))
  for (const line of others) output.line(line)
  return 0
}

function rowOf(
  name: string,
  { requests, successRate, failed, refused, meanMs, p95Ms, usd, unknown, meanUsd }: Stats,
  currency: Currency | null,
): string[] {
  const time = (ms: number | null): string => (ms === null ? '–' : seconds(ms))
  const cost =
    unknown === 0 ? formatUsd(usd, currency) : `${formatUsd(usd, currency)} + ${unknown} unknown`
  return [
    name,
    String(requests),
    successRate === null ? '–' : `${(successRate * 100).toFixed(1)} %`,
    String(failed),
    String(refused),
    time(meanMs),
    time(p95Ms),
    cost,
    meanUsd === null ? '–' : formatUsd(meanUsd, currency),
  ]
}
