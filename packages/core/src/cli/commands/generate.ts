import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { LimnError } from '../../errors.ts'
import { formatUsd } from '../../models/cost.ts'
import { formatPlan } from '../../plan/format.ts'
import type { Plan } from '../../plan/plan.ts'
import type { GenerateResult } from '../../project.ts'
import type { CommandContext } from '../command.ts'
import { openFrom, text, usdFrom } from '../open.ts'
import { printEvents, seconds } from '../progress.ts'

/** `limn generate`: carries the plan out. Fails where any part of it did. */
export async function run(context: CommandContext): Promise<number> {
  const { output, options, args, cwd, signal } = context
  const project = openFrom(context)
  const selection = { names: args, force: options['force'] === true }
  if (options['dry-run'] === true) {
    const { plan } = await project.plan(selection)
    output.event({ type: 'planned', plan })
    for (const line of formatPlan(plan, output)) output.line(line)
    return 0
  }
  const file = text(options['plan'])
  const started = performance.now()
  const result = await project.generate({
    ...selection,
    plan: file === undefined ? undefined : readPlan(resolve(cwd, file)),
    maxUsd: usdFrom(options['max-cost']),
    onEvent: printEvents(output),
    signal,
  })
  const { plan: _, failed, ...counts } = result
  output.status(undefined)
  output.event({ type: 'done', ...counts, failed: failed.length })
  const said = summarizeRun(result)
  const left = signal.aborted ? failed.filter(({ error }) => error instanceof LimnError && error.code === 'aborted').length : 0
  const head = signal.aborted ? 'Interrupted after' : 'Done in'
  if (said !== '' || signal.aborted) output.line(`\n${head} ${seconds(performance.now() - started)}: ${said === '' ? 'nothing done' : said}${left > 0 ? `, ${left} left` : ''}.${signal.aborted ? ' Run the command again to go on.' : ''}`)
  if (failed.length > 0 && !signal.aborted) output.problem(`${failed.length} failed; run the command again to try ${failed.length === 1 ? 'it' : 'them'} once more. What is done stays done.`)
  return failed.length > 0 ? 1 : 0
}

/** `2 generated ($0.026), 9 files made`; empty where nothing was done. */
export function summarizeRun({ generated, recovered, moved, derived, usd }: Omit<GenerateResult, 'plan'>): string {
  const parts = [
    [generated, `generated (${formatUsd(usd)})`],
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
    throw new LimnError('plan/unreadable', `${path} is no saved plan.`, { hint: 'Make one with `limn plan --out FILE`.', cause: error })
  }
  throw new LimnError('plan/unreadable', `${path} is no saved plan of this version.`, { hint: 'Make one with `limn plan --out FILE`.' })
}
