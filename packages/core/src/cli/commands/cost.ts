import { count } from '../../count.ts'
import { type Currency, formatUsd } from '../../models/cost.ts'
import type { Cost, CostReport, CostRow, Tally } from '../../project/costs.ts'
import { displayWidth, pad } from '../../project/plan-text.ts'
import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'
import type { Output } from '../output.ts'
import { textOption } from '../project-options.ts'
import { printTable } from '../table.ts'

const LEGEND = [
  ['Spent here', 'every request from this machine, as recorded in .limn/history.jsonl'],
  ['In the lockfile', 'the current pictures, wherever they were paid for'],
  ['Forecast', 'an upper bound for what `limn plan` shows'],
  [
    'Saved',
    'the price of pictures that runs over the whole manifest reused while they requested others, counted per run, and of pictures recovered without a request',
  ],
] as const

/** Runs `limn cost`: prints costs to date, the forecast and savings. Reads only, needs no key. */
export async function run(context: CommandContext): Promise<number> {
  const { output, options } = context
  const report = await openProjectFor(context).costs(textOption(options, 'by'))
  const { by, exact, shown } = report
  output.event({ type: 'cost', ...exact.costs })
  for (const { name, ...row } of exact.rows) output.event({ type: 'cost-row', by, name, ...row })
  for (const line of summarize(report)) output.line(line)
  if (shown.rows.length === 0) return 0
  output.line()
  printRows(report, output)
  output.line()
  for (const [term, meaning] of LEGEND) {
    output.line(output.paint('dim', `${term.padEnd(15)}  ${meaning}`))
  }
  return 0
}

function printRows({ by, shown: { rows }, currency }: CostReport, output: Output): void {
  const hasLock = rows.some(({ lock }) => lock !== null)
  const hasForecast = rows.some(({ forecast }) => forecast !== null)
  const names = [
    by,
    'requests',
    'spent here',
    ...(hasLock ? ['in the lockfile'] : []),
    ...(hasForecast ? ['forecast'] : []),
  ]
  printTable([names, ...rows.map((row) => cellsOf(row, currency))], output)
}

function cellsOf({ name, spent, lock, forecast }: CostRow, currency: Currency | null): string[] {
  return [
    name,
    String(spent.requests),
    formatSum(spent, spent.requests, currency),
    ...(lock === null ? [] : [formatSum(lock, lock.assets, currency)]),
    ...(forecast === null ? [] : [formatSum(forecast, forecast.assets, currency)]),
  ]
}

function summarize(report: CostReport): string[] {
  const { spent, lock, month, forecast } = report.shown.costs
  const { saved, currency } = report
  const rows: [label: string, sum: string, details: string][] = [
    ['Spent here', formatSum(spent, spent.requests, currency), describeSpent(report)],
    [
      'This month',
      formatUsd(month.usd, currency),
      month.limit === null
        ? month.month
        : `of ${formatUsd(month.limit, currency)} in ${month.month}`,
    ],
    ['In the lockfile', formatSum(lock, lock.assets, currency), countWithCandidates(lock)],
    [
      'Forecast',
      formatSum(forecast, forecast.assets, currency),
      forecast.pictures === 0
        ? 'nothing to generate'
        : `at most, for ${countWithCandidates(forecast)} of \`limn plan\``,
    ],
    ['Saved', formatSum(saved, saved.pictures, currency), describeSaved(report)],
  ]
  const labelWidth = Math.max(...rows.map(([label]) => label.length))
  const sumWidth = Math.max(...rows.map(([, sum]) => displayWidth(sum)))
  return rows.map(
    ([label, sum, details]) => `${label.padEnd(labelWidth)}  ${pad(sum, sumWidth)}  ${details}`,
  )
}

/** `12 requests since 2026-11-02, $0.10 of it estimated`. */
function describeSpent({ shown, currency }: CostReport): string {
  const { requests, since, estimatedUsd } = shown.costs.spent
  if (requests === 0) return 'no requests yet'
  const estimated = estimatedUsd > 0 ? `, ${formatUsd(estimatedUsd, currency)} of it estimated` : ''
  return `${count(requests, 'request')} since ${since}${estimated}`
}

/** `314 pictures reused over 12 runs, 2 recovered`. */
function describeSaved({ saved, shown }: CostReport): string {
  const { runs, kept, recovered } = shown.costs.saved
  if (saved.pictures === 0) return 'nothing yet'
  const recoveredToo = recovered.pictures > 0 ? `, ${recovered.pictures} recovered` : ''
  return `${count(kept.pictures, 'picture')} reused over ${count(runs, 'run')}${recoveredToo}`
}

/** `2 pictures`, `1 picture (3 candidates)`, `4 pictures (6 with candidates)`. */
function countWithCandidates({ assets, pictures }: Cost): string {
  const total = count(assets, 'picture')
  if (pictures === assets) return total
  return `${total} (${pictures} ${assets === 1 ? 'candidates' : 'with candidates'})`
}

/** Formats a sum and how many of its `total` parts have no known price. */
function formatSum(
  { usd, unknown }: Pick<Tally | Cost, 'usd' | 'unknown'>,
  total: number,
  currency: Currency | null,
): string {
  if (unknown === 0) return formatUsd(usd, currency)
  return unknown === total && usd === 0
    ? 'price unknown'
    : `${formatUsd(usd, currency)} + ${unknown} unknown`
}
