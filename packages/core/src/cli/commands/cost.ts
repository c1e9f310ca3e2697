import { didYouMean } from '../../did-you-mean.ts'
import { LimnError } from '../../errors.ts'
import {
  allSaved,
  type Cost,
  type CostKey,
  costKeys,
  costRows,
  type Costs,
  costsOf,
} from '../../history/costs.ts'
import type { Tally } from '../../history/entry.ts'
import { type Currency, formatUsd } from '../../models/cost.ts'
import { displayWidth, pad, withShownPrices } from '../../plan/format-plan.ts'
import type { CommandContext } from '../command.ts'
import { openFrom } from '../open-project.ts'
import { text } from '../project-options.ts'
import { formatTable } from '../table.ts'
import { count } from '../text.ts'

/**
 * `limn cost`: what was spent, what is to come, and what the lockfile saved. Reads only, needs no
 * key.
 */
export async function run(context: CommandContext): Promise<number> {
  const { output, options } = context
  const by = keyFrom(text(options['by']))
  const project = openFrom(context)
  const { plan, snapshot } = await project.plan()
  const sources = {
    entries: await project.history(),
    lock: snapshot.lock,
    plan,
    manifest: snapshot.manifest,
  }
  const { currency } = snapshot.manifest
  const month = new Date().toISOString().slice(0, 7)
  const costs = costsOf(sources, month)
  output.event({ type: 'cost', ...costs })
  for (const { name, ...row } of costRows(by, sources)) {
    output.event({ type: 'cost-row', by, name, ...row })
  }
  // What is to come is the sum that `limn plan` shows.
  const shown = { ...sources, plan: withShownPrices(plan, currency) }
  for (const line of summary({ ...costs, forecast: costsOf(shown, month).forecast }, currency)) {
    output.line(line)
  }
  const rows = costRows(by, shown)
  if (rows.length === 0) return 0
  const [hasLock, hasForecast] = [
    rows.some(({ lock }) => lock !== null),
    rows.some(({ forecast }) => forecast !== null),
  ]
  const head = [
    by,
    'requests',
    'spent here',
    ...(hasLock ? ['in the lock'] : []),
    ...(hasForecast ? ['to come'] : []),
  ]
  const body = rows.map(({ name, spent, lock, forecast }) => [
    name,
    String(spent.requests),
    sumOf(spent, spent.requests, currency),
    ...(lock === null ? [] : [sumOf(lock, lock.assets, currency)]),
    ...(forecast === null ? [] : [sumOf(forecast, forecast.assets, currency)]),
  ])
  const [first, ...others] = formatTable([head, ...body])
  output.line()
  output.line(output.paint('bold', first!))
  for (const line of others) output.line(line)
  output.line()
  output.line(
    output.paint(
      'dim',
      'Spent here: every request from this machine, as .limn/history.jsonl has it. In the lock: the pictures of\nnow, whoever paid for them. Saved: what those pictures cost once that a run over the whole manifest found up\nto date while it asked for others, each run counted anew, and those taken back from journal and shelf.',
    ),
  )
  return 0
}

/** @throws LimnError `usage` */
function keyFrom(written = 'model'): CostKey {
  const key = costKeys.find((known) => known === written)
  if (key === undefined) {
    throw new LimnError('usage', `Costs can't be told apart by "${written}".`, {
      hint: didYouMean(written, costKeys) ?? `Write --by ${costKeys.join(', --by ')}.`,
    })
  }
  return key
}

function summary(
  { spent, lock, month, forecast, saved }: Costs,
  currency: Currency | null,
): string[] {
  const all = allSaved(saved)
  const rows: [label: string, sum: string, of: string][] = [
    [
      'Spent here',
      sumOf(spent, spent.requests, currency),
      spent.requests === 0
        ? 'no requests yet'
        : `${count(spent.requests, 'request')} since ${spent.since}${spent.estimatedUsd > 0 ? `, ${formatUsd(spent.estimatedUsd, currency)} of it estimated` : ''}`,
    ],
    [
      'This month',
      formatUsd(month.usd, currency),
      month.limit === null
        ? month.month
        : `of ${formatUsd(month.limit, currency)} in ${month.month}`,
    ],
    ['In the lock', sumOf(lock, lock.assets, currency), countWithCandidates(lock)],
    [
      'To come',
      sumOf(forecast, forecast.assets, currency),
      forecast.pictures === 0
        ? 'nothing to ask for'
        : `at most, for ${countWithCandidates(forecast)} of \`limn plan\``,
    ],
    [
      'Saved',
      sumOf(all, all.pictures, currency),
      all.pictures === 0
        ? 'nothing yet'
        : `${count(saved.runs, 'run')} needed not ask for ${count(saved.kept.pictures, 'picture')}${saved.recovered.pictures > 0 ? `, and took ${saved.recovered.pictures} back` : ''}`,
    ],
  ]
  const width = Math.max(...rows.map(([, sum]) => displayWidth(sum)))
  return rows.map(([label, sum, of]) => `${label.padEnd(11)}  ${pad(sum, width)}  ${of}`)
}

/** `2 pictures`, `1 picture (3 candidates)`, `4 pictures (6 with candidates)`. */
function countWithCandidates({ assets, pictures }: Cost): string {
  return `${count(assets, 'picture')}${pictures === assets ? '' : assets === 1 ? ` (${pictures} candidates)` : ` (${pictures} with candidates)`}`
}

/** A sum, and how many have no known price: these are never counted as nothing. */
function sumOf(
  { usd, unknown }: Pick<Tally | Cost, 'usd' | 'unknown'>,
  of: number,
  currency: Currency | null,
): string {
  if (unknown === 0) return formatUsd(usd, currency)
  return unknown === of && usd === 0
    ? 'price unknown'
    : `${formatUsd(usd, currency)} + ${unknown} unknown`
}
