import { basename, resolve } from 'node:path'
import { LimnError } from '../../errors.ts'
import type { Currency } from '../../models/cost.ts'
import type { GenerateOptions, GenerateResult } from '../../project/generate.ts'
import type { PlanSelection } from '../../project/options.ts'
import { formatGroups, formatPlan } from '../../project/plan-text.ts'
import { isPossiblyBilled } from '../../project/possibly-billed.ts'
import type { Project } from '../../project/project.ts'
import { readSavedPlan } from '../../project/saved-plan.ts'
import type { CommandContext } from '../command.ts'
import { confirmCost } from '../confirm-cost.ts'
import { describeDraftFolder } from '../draft-hints.ts'
import { limitHeap } from '../limit-heap.ts'
import { openProjectFor } from '../open-project.ts'
import { printWrittenTypes } from '../print-types.ts'
import { printProgress } from '../progress.ts'
import { isRetryUncertain, shardOf, textOption } from '../project-options.ts'
import {
  describeCost,
  isOverBudget,
  type Remaining,
  remainingOf,
  summarizeRun,
} from '../run-summary.ts'
import { formatDuration, parseMaxCost } from '../text.ts'
import { waitForBatches } from '../wait-for-batches.ts'

/** A finished run, and what is needed to print it. */
type Outcome = { result: GenerateResult; currency: Currency | null; elapsedMs: number }

/**
 * Runs `limn generate`: executes the plan. Fails if any part of it failed, or if pictures are only
 * on this machine that the remote store should have.
 */
export async function run(context: CommandContext): Promise<number> {
  const { output, options, args } = context
  limitHeap()
  const project = openProjectFor(context)
  const selection: PlanSelection = {
    names: args,
    force: options['force'] === true,
    batch: options['batch'] === true,
    shard: await shardOf(options),
  }
  if (options['dry-run'] === true) return showPlan(project, selection, context)
  const outcome = await generate(project, selection, context)
  output.status(undefined)
  const { plan: _, failed, ...counts } = outcome.result
  const left = remainingOf(outcome.result)
  output.event({ type: 'done', ...counts, failed: failed.length, left })
  printSummary(outcome, left, { project, context })
  printFailures(outcome, context)
  await printWrittenTypes(project, output)
  if (counts.sent.length > 0 && options['wait'] !== true) {
    output.line(
      '`limn generate` collects the batch once it is finished, within 24 hours; `limn batch` shows its progress.',
    )
  }
  return failed.length > 0 || counts.unsent > 0 ? 1 : 0
}

/** Returns the address of the queue. @throws LimnError `usage` for options that exclude it */
function queueOption(options: CommandContext['options']): string | undefined {
  const queue = textOption(options, 'queue')
  if (queue !== undefined && options['batch'] === true) {
    throw new LimnError('usage', '--queue and --batch exclude each other.', {
      hint: 'Use --batch alone: a batch needs no workers, and costs half.',
    })
  }
  return queue
}

async function showPlan(
  project: Project,
  selection: PlanSelection,
  { output }: CommandContext,
): Promise<number> {
  const { plan, currency, groups } = await project.plan(selection)
  output.event({ type: 'planned', plan, groups })
  for (const line of formatPlan(plan, { ...output, currency })) output.line(line)
  const { columns } = output
  const byCause = formatGroups(groups, { plan, columns, currency })
  if (byCause.length > 0) output.line()
  for (const line of byCause) output.line(line)
  return 0
}

async function generate(
  project: Project,
  selection: PlanSelection,
  context: CommandContext,
): Promise<Outcome> {
  const { output, options, cwd, signal, quit } = context
  const started = performance.now()
  const savedPlan = textOption(options, 'plan')
  const { print, finish } = printProgress(output, textOption(options, 'profile'))
  let currency: Currency | null = null
  let printedPlan: string | undefined
  const generateOptions: GenerateOptions = {
    ...selection,
    plan: savedPlan === undefined ? undefined : readSavedPlan(resolve(cwd, savedPlan)),
    queue: queueOption(options),
    maxUsd: parseMaxCost(options['max-cost']),
    ...(options['interactive'] === true ? { choose: chooserFor(context) } : {}),
    retryUncertain: isRetryUncertain(options),
    async approve(plan, manifest) {
      if (options['interactive'] === true) return
      if (await confirmCost(plan, manifest, context)) printedPlan = JSON.stringify(plan)
    },
    onEvent(event) {
      if (event.type === 'planned') currency = event.currency
      // The question about the cost has already printed the plan.
      if (event.type !== 'planned' || JSON.stringify(event.plan) !== printedPlan) print(event)
    },
    signal,
    quit,
  }
  try {
    const first = await project.generate(generateOptions)
    const result =
      options['wait'] === true
        ? await waitForBatches(first, { project, options: generateOptions, output })
        : first
    return { result, currency, elapsedMs: performance.now() - started }
  } finally {
    finish()
  }
}

/** Returns what lets the person choose; a run spends no more than the chosen pictures cost. */
function chooserFor(context: CommandContext): NonNullable<GenerateOptions['choose']> {
  return async (groups, plan, manifest) => {
    for (const line of formatPlan(plan, { ...context.output, currency: manifest.currency })) {
      context.output.line(line)
    }
    context.output.line()
    const { chooseGroups } = await import('../choose-groups.ts')
    return chooseGroups(groups, { plan, manifest }, context)
  }
}

/** Prints what the run did, and where drafts are. */
function printSummary(
  { result, currency, elapsedMs }: Outcome,
  left: Remaining,
  { project, context }: { project: Project; context: CommandContext },
): void {
  const { output, options, signal } = context
  const done = summarizeRun(result, currency)
  output.line()
  if (done !== '' || signal.aborted) {
    const head = signal.aborted ? 'Interrupted after' : 'Done in'
    const rest = left.assets === 0 ? '' : `, ${left.assets} left (${describeCost(left, currency)})`
    const advice = signal.aborted ? ' Run the command again to continue.' : ''
    output.line(
      `${head} ${formatDuration(elapsedMs)}: ${done === '' ? 'nothing done' : done}${rest}.${advice}`,
    )
  }
  const drafts =
    done === '' ? undefined : describeDraftFolder(project.paths, textOption(options, 'profile'))
  if (drafts !== undefined) output.line(output.paint('dim', drafts))
  else if (output.columns !== undefined && result.generated > 0 && left.assets === 0) {
    const { lock, masters } = project.paths
    output.line(output.paint('dim', `Next: commit ${basename(lock)} and ${masters}/`))
  }
}

/** Codes of failures that another run with the same files repeats. */
const LASTING: readonly string[] = [
  'picture/unreadable',
  'output/too-large',
  'provider/moderation',
  'provider/refused',
  // Its input has failed.
  'asset/no-master',
]

/** What to do about failures; nothing if another run would only repeat them. */
function retryAdvice({ failed }: GenerateResult, failures: number): string {
  const isLasting = ({ error }: GenerateResult['failed'][number]): boolean =>
    error instanceof LimnError && LASTING.includes(error.code)
  if (failed.every((each) => isLasting(each) || isOverBudget(each.error))) {
    return ''
  }
  return ` Run the command again to retry ${failures === 1 ? 'it' : 'them'}; finished pictures are kept.`
}

/** Prints how many assets failed, and how many the budget stopped. */
function printFailures({ result, currency }: Outcome, { output, signal }: CommandContext): void {
  const overBudget = result.failed.filter(({ error }) => isOverBudget(error))
  const failures = result.failed.length - overBudget.length
  if (failures > 0 && !signal.aborted) {
    output.problem(`${failures} failed.${retryAdvice(result, failures)}`)
  }
  const uncertain = result.failed.filter(({ error }) => isPossiblyBilled(error))
  if (uncertain.length > 0) {
    const cost = describeCost(remainingOf({ ...result, failed: uncertain }), currency)
    output.problem(
      `${uncertain.length} may have been billed (${cost}, counted as spent): check the usage page of the provider first.`,
    )
  }
  if (overBudget.length > 0) {
    const missing = remainingOf({ ...result, failed: overBudget })
    output.problem(
      `${overBudget.length} not done, to stay within the budget: ${describeCost(missing, currency)} more.`,
    )
  }
}
