import { count } from '../../count.ts'
import { type Currency, formatUsd } from '../../models/cost.ts'
import type { DescribePlan, DescribeResult } from '../../project/describe/describe.ts'
import type { CommandContext } from '../command.ts'
import { confirmSpending, describeUnknown } from '../confirm-cost.ts'
import { openProjectFor } from '../open-project.ts'
import { createFailurePrinter } from '../print-failures.ts'
import { errorEvent } from '../report-error.ts'
import { isOverBudget } from '../run-summary.ts'
import { parseMaxCost } from '../text.ts'

/**
 * Runs `limn describe [NAMES]`: lets the judge suggest alt texts, or confirms suggested ones. Fails
 * if any of them failed.
 */
export async function run(context: CommandContext): Promise<number> {
  return context.options['confirm'] === true ? confirm(context) : describe(context)
}

async function confirm(context: CommandContext): Promise<number> {
  const { output, args } = context
  const names = await openProjectFor(context).confirmAlts(args)
  output.event({ type: 'alts-confirmed', assets: names })
  output.line(
    names.length === 0
      ? 'There is no suggested alt text to confirm.'
      : `Confirmed ${count(names.length, 'alt text')}: ${names.join(', ')}.`,
  )
  return 0
}

async function describe(context: CommandContext): Promise<number> {
  const { output, options, args, signal, quit } = context
  let currency: Currency | null = null
  const result = await openProjectFor(context).describe({
    names: args,
    maxUsd: parseMaxCost(options['max-cost']),
    signal,
    quit,
    async approve(plan, manifest) {
      currency = manifest.currency
      printPlan(plan, { context, model: manifest.judge.model, currency })
      const unknown = describeUnknown(plan.unknownPrices, 'alt text')
      const cost = `${formatUsd(plan.usd, currency)}${unknown}`
      await confirmSpending(plan, manifest.budget, { context, cost })
    },
    onDescribed({ asset, alt }) {
      output.event({ type: 'described', asset, alt })
      output.line(`  ${output.paint('bold', asset)}  ${alt}`)
    },
  })
  printResult(result, context, currency)
  return result.failed.length > 0 ? 1 : 0
}

function printPlan(
  { requests, stored, skipped, usd, unknownPrices }: DescribePlan,
  {
    context,
    model,
    currency,
  }: { context: CommandContext; model: string; currency: Currency | null },
): void {
  const { output } = context
  for (const { asset, why } of skipped) output.line(output.paint('dim', `  ${asset}: ${why}`))
  output.event({
    type: 'describing',
    assets: requests.map(({ asset }) => asset),
    stored: stored.map(({ asset }) => asset),
    skipped,
    model,
    usd,
    unknownPrices,
  })
  if (stored.length > 0) output.line(`${count(stored.length, 'alt text')} already paid for.`)
  if (requests.length === 0) return
  const price = unknownPrices > 0 ? 'price unknown' : `up to ${formatUsd(usd, currency)}`
  output.line(`${count(requests.length, 'alt text')} to suggest with ${model}: ${price}.`)
}

function printResult(
  { plan, described, failed, usd }: DescribeResult,
  context: CommandContext,
  currency: Currency | null,
): void {
  const { output, signal } = context
  const failures = createFailurePrinter(output)
  for (const { asset, error } of failed) {
    output.event({ ...errorEvent(error), type: 'describe-failed', asset })
    failures.add({ type: 'failed', asset, error })
  }
  failures.finish()
  output.event({ type: 'described-all', described: described.length, failed: failed.length, usd })
  output.line()
  if (described.length === 0 && failed.length === 0) {
    output.line(
      plan.skipped.length > 0
        ? 'No picture can be described.'
        : 'Every picture has an alt text, or is decorative.',
    )
    return
  }
  const cost = formatUsd(usd, currency)
  const left = failed.length === 0 ? '' : `, ${failed.length} failed`
  const end = signal.aborted ? 'Interrupted: suggested' : 'Suggested'
  output.line(`${end} ${count(described.length, 'alt text')} (${cost})${left}.`)
  if (described.length > 0) {
    output.line(
      'Read and correct them in the manifest, then run `limn describe --confirm` for all, or with names.',
    )
  }
  if (failed.some(({ error }) => !isOverBudget(error))) {
    output.problem('Run the command again to retry what failed.')
  }
}
