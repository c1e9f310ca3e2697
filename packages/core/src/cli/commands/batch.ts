import { LimnError } from '../../errors.ts'
import { formatUsd } from '../../models/cost.ts'
import { displayWidth, pad } from '../../plan/format-plan.ts'
import type { BatchStatus } from '../../project/batches.ts'
import type { CommandContext } from '../command.ts'
import { openFrom } from '../open-project.ts'
import { errorEvent } from '../report-error.ts'
import { count, minuteOf } from '../text.ts'

/**
 * `limn batch`: what is asked in batches, and how far it is; `limn batch cancel ID` has one
 * stopped.
 */
export async function run(context: CommandContext): Promise<number> {
  const [action = 'list', id, ...rest] = context.args
  if (action === 'list' && id === undefined) return list(context)
  if (action === 'cancel' && id !== undefined && rest.length === 0) return cancel(context, id)
  throw new LimnError(
    'usage',
    `limn batch takes \`list\`, or \`cancel\` and the id of a batch, and got ${context.args.join(' ')}.`,
    { hint: 'Run `limn batch` to see the batches.' },
  )
}

async function list(context: CommandContext): Promise<number> {
  const { output, signal } = context
  const project = openFrom(context)
  const [batches, { manifest }] = await Promise.all([project.batches(signal), project.snapshot()])
  for (const { problem, ...batch } of batches) {
    const said = problem === undefined ? undefined : errorEvent(problem)
    output.event({
      ...batch,
      type: 'batch',
      ...(said === undefined ? {} : { problem: { code: said['code'], message: said['message'] } }),
    })
  }
  if (batches.length === 0) output.line('Nothing is asked in a batch.')
  const rows = batches.map(({ batch, model, pictures, usd, since, ...rest }) => [
    batch,
    stateOf(rest),
    model,
    count(pictures, 'image'),
    formatUsd(usd, manifest.currency),
    `since ${minuteOf(since)}`,
  ])
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column]!))),
  )
  for (const [index, { problem, assets }] of batches.entries()) {
    const [name, ...cells] = rows[index]!.map((cell, column) => pad(cell, widths![column]!))
    output.line([output.paint('bold', name!), ...cells].join('  '))
    if (output.verbose) output.line(output.paint('dim', `    ${assets.join(', ')}`))
    if (problem !== undefined) {
      output.problem(
        `    ${problem.message}${problem.hint === undefined ? '' : `\n    → ${problem.hint}`}`,
      )
    }
  }
  output.line()
  if (batches.some(({ isFinished }) => isFinished)) {
    output.line('`limn generate` fetches what is done.')
  }
  return batches.some(({ problem }) => problem !== undefined) ? 1 : 0
}

/** `in progress 3/10, 1 failed`. */
function stateOf({ status, counts }: Pick<BatchStatus, 'status' | 'counts'>): string {
  return status === null
    ? 'unknown'
    : `${status.replaceAll('_', ' ')} ${counts.completed}/${counts.total}${counts.failed > 0 ? `, ${counts.failed} failed` : ''}`
}

async function cancel(context: CommandContext, id: string): Promise<number> {
  const { output } = context
  const { batch, status } = await openFrom(context).cancelBatch(id)
  output.event({ type: 'batch-cancelled', batch, status })
  if (status === null) output.line(`The server does not know ${batch}: it is waited for no more.`)
  else if (status === 'cancelling' || status === 'cancelled') {
    output.line(`${batch} is ${status}. \`limn generate\` fetches what it drew by then.`)
  } else output.line(`${batch} is ${status} already: \`limn generate\` fetches it.`)
  return 0
}
