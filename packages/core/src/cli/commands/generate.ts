import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type ErrorCode, LimnError } from '../../errors.ts'
import { type Currency, formatUsd } from '../../models/cost.ts'
import { formatPlan } from '../../plan/format-plan.ts'
import type { Plan } from '../../plan/plan.ts'
import type { GenerateOptions, GenerateResult } from '../../project/project.ts'
import type { CommandContext } from '../command.ts'
import { agreeTo } from '../confirm-cost.ts'
import { whereDraftsLie } from '../draft-hints.ts'
import { keepYoungHeapSmall } from '../limit-heap.ts'
import { openFrom } from '../open-project.ts'
import { printEvents, seconds } from '../progress.ts'
import { text } from '../project-options.ts'
import { usdFrom } from '../usd.ts'
import { goOnWithBatches } from '../wait-for-batches.ts'

/** `limn generate`: carries the plan out. Fails where any part of it did. */
export async function run(context: CommandContext): Promise<number> {
  const { output, options, args, cwd, signal, quit } = context
  keepYoungHeapSmall()
  const project = openFrom(context)
  const selection = {
    names: args,
    force: options['force'] === true,
    batch: options['batch'] === true,
  }
  if (options['dry-run'] === true) {
    const { plan, snapshot } = await project.plan(selection)
    output.event({ type: 'planned', plan })
    for (const line of formatPlan(plan, { ...output, currency: snapshot.manifest.currency })) {
      output.line(line)
    }
    return 0
  }
  const file = text(options['plan'])
  const started = performance.now()
  const profile = text(options['profile'])
  const print = printEvents(output, profile)
  let currency: Currency | null = null
  let shown: string | undefined
  const chosen: GenerateOptions = {
    ...selection,
    plan: file === undefined ? undefined : readPlan(resolve(cwd, file)),
    maxUsd: usdFrom(options['max-cost']),
    async approve(plan, manifest) {
      if (await agreeTo(plan, manifest, context)) shown = JSON.stringify(plan)
    },
    onEvent(event) {
      if (event.type === 'planned') currency = event.currency
      // Who was asked has seen it.
      if (event.type !== 'planned' || JSON.stringify(event.plan) !== shown) print(event)
    },
    signal,
    quit,
  }
  const first = await project.generate(chosen)
  const result =
    options['wait'] === true
      ? await goOnWithBatches(first, { project, options: chosen, output })
      : first
  const { plan: _, failed, ...counts } = result
  output.status(undefined)
  const left = leftOf(result)
  output.event({ type: 'done', ...counts, failed: failed.length, left })
  const said = summarizeRun(result, currency)
  const more = left.assets === 0 ? '' : `, ${left.assets} left (${describeCost(left, currency)})`
  output.line()
  if (said !== '' || signal.aborted) {
    output.line(
      `${signal.aborted ? 'Interrupted after' : 'Done in'} ${seconds(performance.now() - started)}: ${said === '' ? 'nothing done' : said}${more}.${signal.aborted ? ' Run the command again to go on.' : ''}`,
    )
  }
  const drafts = said === '' ? undefined : whereDraftsLie(project.paths, profile)
  if (drafts !== undefined) output.line(output.paint('dim', drafts))
  const short = failed.filter(({ error }) => isOf(error, 'budget/exceeded'))
  const broken = failed.length - short.length
  if (broken > 0 && !signal.aborted) {
    output.problem(
      `${broken} failed; run the command again to try ${broken === 1 ? 'it' : 'them'} once more. What is done stays done.`,
    )
  }
  if (short.length > 0) {
    output.problem(
      `${short.length} not done, to stay within the budget: ${describeCost(leftOf({ ...result, failed: short }), currency)} more.`,
    )
  }
  if (result.sent.length > 0 && options['wait'] !== true) {
    output.line(
      `\`limn generate\` fetches what was sent once it is done, within 24 hours; \`limn batch\` shows how far it is.`,
    )
  }
  return failed.length > 0 ? 1 : 0
}

function isOf(error: unknown, code: ErrorCode): boolean {
  return error instanceof LimnError && error.code === code
}

/** What of a plan's pictures was not asked for, or did not come, and what they may cost, USD. */
function leftOf({ plan, failed }: Pick<GenerateResult, 'plan' | 'failed'>): {
  assets: number
  usd: number
  unknown: number
} {
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
function describeCost(
  { assets, usd, unknown }: ReturnType<typeof leftOf>,
  currency: Currency | null,
): string {
  const known = assets > unknown ? [`up to ${formatUsd(usd, currency)}`] : []
  return [...known, ...(unknown > 0 ? [`${unknown} of unknown price`] : [])].join(' and ')
}

/** `2 generated ($0.026), 9 files made`; empty where nothing was done. */
export function summarizeRun(
  { generated, recovered, moved, derived, sent, usd }: Omit<GenerateResult, 'plan'>,
  currency: Currency | null,
): string {
  const inBatches = sent.reduce((sum, batch) => sum + (batch.usd ?? 0), 0)
  const parts = [
    [generated, `generated (${formatUsd(Math.max(0, usd - inBatches), currency)})`],
    [
      sent.flatMap(({ assets }) => assets).length,
      `sent in a batch (≈ ${formatUsd(inBatches, currency)}, half the price)`,
    ],
    [recovered, 'taken from the journal'],
    [moved, 'renamed'],
    [derived, `file${derived === 1 ? '' : 's'} made`],
  ] as const
  return parts.flatMap(([number, what]) => (number > 0 ? [`${number} ${what}`] : [])).join(', ')
}

function readPlan(path: string): Plan {
  try {
    const plan = JSON.parse(readFileSync(path, 'utf8')) as Plan
    if (plan.version === 1 && Array.isArray(plan.steps)) return plan
  } catch (error) {
    throw new LimnError('plan/unreadable', `${path} is no saved plan.`, {
      hint: 'Make one with `limn plan --out FILE`.',
      cause: error,
    })
  }
  throw new LimnError('plan/unreadable', `${path} is no saved plan of this version.`, {
    hint: 'Make one with `limn plan --out FILE`.',
  })
}
