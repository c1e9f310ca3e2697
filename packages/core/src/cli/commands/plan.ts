import { resolve } from 'node:path'
import type { Diagnostic } from '../../diagnostic.ts'
import type { PlanResult, RemoteForecast } from '../../project/options.ts'
import { formatEmptyPlan, hasWork } from '../../project/plan-steps.ts'
import { ManifestError, type Project } from '../../project/project.ts'
import { type Annotate, createAnnotate } from '../annotate.ts'
import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'
import type { Output } from '../output.ts'
import { shardOf, textOption } from '../project-options.ts'

/** Warnings that may mean a higher cost: they are printed without `--verbose` too. */
const COSTLY: readonly string[] = ['manifest/unknown-model', 'manifest/retired-model']

/**
 * Runs `limn plan`: reads only, needs no key. Code that formats text is loaded only if there is
 * something to print.
 */
export async function run(context: CommandContext): Promise<number> {
  const { output, options, cwd } = context
  const annotate = createAnnotate(context)
  const result = await planAnnotated(context, annotate)
  const { plan, warnings, remote } = result
  if (warnings.length > 0 && output.verbose) await printWarnings(warnings, output)
  for (const diagnostic of warnings) output.event({ type: 'warning', diagnostic })
  const { groups, costs } = result
  output.event({
    type: 'planned',
    plan,
    groups,
    ...(costs === undefined ? {} : { costs }),
    ...(remote === undefined ? {} : { remote }),
  })
  for (const line of await formatLines(result, output)) output.line(line)
  if (remote !== undefined) output.line(await forecastLine(remote, result))
  if (options['format'] === 'github') await annotateGroups(result, output)
  if (warnings.length > 0 && !output.verbose) await summarizeWarnings(warnings, output)
  // A person at a terminal reads on; what tools read stays the plan.
  if (output.columns !== undefined && hasWork(plan)) {
    output.line()
    output.line(output.paint('dim', 'Next: `limn generate`'))
  }
  const file = textOption(options, 'out')
  if (file !== undefined) {
    const { savePlan } = await import('../../project/saved-plan.ts')
    await savePlan(resolve(cwd, file), plan)
  }
  return options['detailed-exitcode'] === true && (await isAnyPending(result)) ? 2 : 0
}

async function isAnyPending({ plan: { steps } }: PlanResult): Promise<boolean> {
  if (steps.length === 0) return false
  const { isPending } = await import('../../project/plan-text.ts')
  return steps.some(isPending)
}

/** A plan; with `--explain-cost` also what it costs and why. */
type Planned = PlanResult & Partial<Pick<Awaited<ReturnType<Project['explainCost']>>, 'costs'>>

/** Prints what a plan costs by cause as notices of a GitHub workflow. */
async function annotateGroups({ plan, groups, currency }: Planned, output: Output): Promise<void> {
  if (groups.length === 0) return
  const { groupRows } = await import('../../project/plan-text.ts')
  for (const row of groupRows(groups, { plan, columns: undefined, currency })) {
    output.notice('Cost by cause', row.replaceAll(/ {2,}/g, ', '))
  }
}

/** Plans, and annotates the mistakes or warnings of the manifest. */
async function planAnnotated(context: CommandContext, annotate: Annotate): Promise<Planned> {
  const { args, options, signal } = context
  try {
    const project = openProjectFor(context)
    const selection = {
      names: args,
      batch: options['batch'] === true,
      shard: await shardOf(options),
    }
    const result =
      options['explain-cost'] === true
        ? await project.explainCost(selection)
        : await project.plan({ ...selection, remote: options['remote'] === true, signal })
    result.warnings.forEach(annotate)
    return result
  } catch (error) {
    if (error instanceof ManifestError) error.diagnostics.forEach(annotate)
    throw error
  }
}

async function formatLines(
  { plan, currency, groups, costs }: Planned,
  output: Output,
): Promise<string[]> {
  if (plan.steps.length === 0) return [formatEmptyPlan(plan)]
  const { formatCosts, formatGroups, formatPlan } = await import('../../project/plan-text.ts')
  const { columns } = output
  const cost =
    costs === undefined
      ? formatGroups(groups, { plan, columns, currency })
      : formatCosts(costs, { columns, currency })
  return [...formatPlan(plan, { ...output, currency }), ...(cost.length > 0 ? ['', ...cost] : [])]
}

/** Returns what the remote store has, and what that saves. */
async function forecastLine(
  { store, asked, found, usd }: RemoteForecast,
  { currency }: Pick<PlanResult, 'currency'>,
): Promise<string> {
  const { formatUsd } = await import('../../models/cost.ts')
  const { listNames } = await import('../../project/plan-text.ts')
  const count = `${found.length} of ${asked} ${asked === 1 ? 'picture' : 'pictures'}`
  if (found.length === 0) return `From the store: ${count} (${store}).`
  const saved = usd === null ? '' : `, ${formatUsd(usd, currency)} less`
  return `From the store: ${count}${saved}: ${listNames(found)} (${store}).`
}

async function printWarnings(warnings: readonly Diagnostic[], output: Output): Promise<void> {
  const { diagnosticLines } = await import('../../diagnostic.ts')
  for (const diagnostic of warnings) {
    output.problem(diagnosticLines(diagnostic))
    output.problem('')
  }
}

/** Prints the warnings that may mean a higher cost, and the number of the others. */
async function summarizeWarnings(warnings: readonly Diagnostic[], output: Output): Promise<void> {
  const { formatPlace } = await import('../../diagnostic.ts')
  const costly = warnings.filter(({ code }) => COSTLY.includes(code))
  const costlyByMessage = new Map(costly.map((diagnostic) => [diagnostic.message, diagnostic]))
  for (const { place, message, hint } of costlyByMessage.values()) {
    const advice = hint === undefined ? '' : ` ${hint}`
    output.line(output.paint('warn', `! ${formatPlace(place)} ${message}${advice}`))
  }
  const left = warnings.length - costly.length
  if (left === 0) return
  const warning = `${costly.length === 0 ? '' : 'more '}warning${left === 1 ? '' : 's'}`
  output.line(
    output.paint(
      'dim',
      `${left} ${warning}: \`limn plan --verbose\` shows ${left === 1 ? 'it' : 'them'}.`,
    ),
  )
}
