import { count } from '../../count.ts'
import { LimnError } from '../../errors.ts'
import { type Currency, formatUsd } from '../../models/cost.ts'
import type { BatchStatus } from '../../project/batches.ts'
import { pad } from '../../project/plan-text.ts'
import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'
import type { Output } from '../output.ts'
import { errorEvent } from '../report-error.ts'
import { columnWidths } from '../table.ts'
import { formatMinute } from '../text.ts'

/** Runs `limn batch`, which lists the open batches, and `limn batch cancel ID`. */
export async function run(context: CommandContext): Promise<number> {
  const [action = 'list', id, ...rest] = context.args
  if (action === 'list' && id === undefined) return list(context)
  if (action === 'cancel' && id !== undefined && rest.length === 0) return cancel(context, id)
  throw new LimnError(
    'usage',
    `limn batch accepts \`list\`, or \`cancel\` and the id of a batch, but received ${context.args.join(' ')}.`,
    { hint: 'Run `limn batch` to see the batches.' },
  )
}

async function list(context: CommandContext): Promise<number> {
  const { output, signal } = context
  const project = openProjectFor(context)
  const [batches, { manifest }] = await Promise.all([project.batches(signal), project.snapshot()])
  for (const batch of batches) output.event(batchEvent(batch))
  if (batches.length === 0) output.line('There are no open batches.')
  printBatches(batches, manifest.currency, output)
  output.line()
  if (batches.some(({ isFinished }) => isFinished)) {
    output.line('`limn generate` collects finished batches.')
  }
  return batches.some(({ problem }) => problem !== undefined) ? 1 : 0
}

type BatchEvent = Omit<BatchStatus, 'problem'> & {
  type: 'batch'
  problem?: { code: string; message: string }
}

function batchEvent({ problem, ...batch }: BatchStatus): BatchEvent {
  if (problem === undefined) return { ...batch, type: 'batch' }
  const { code, message } = errorEvent(problem)
  return { ...batch, type: 'batch', problem: { code, message } }
}

function printBatches(
  batches: readonly BatchStatus[],
  currency: Currency | null,
  output: Output,
): void {
  const rows = batches.map((each) => [
    each.batch,
    describeState(each),
    each.model,
    count(each.pictures, 'picture'),
    formatUsd(each.usd, currency),
    `since ${formatMinute(each.since)}`,
  ])
  const widths = columnWidths(rows)
  for (const [index, { problem, assets }] of batches.entries()) {
    const [name, ...cells] = rows[index]!.map((cell, column) => pad(cell, widths[column]!))
    output.line([output.paint('bold', name!), ...cells].join('  '))
    if (output.verbose) output.line(output.paint('dim', `    ${assets.join(', ')}`))
    if (problem !== undefined) {
      const hint = problem.hint === undefined ? [] : [`    → ${problem.hint}`]
      output.problem([`    ${problem.message}`, ...hint])
    }
  }
}

/** `in progress 3/10, 1 failed`. */
function describeState({ status, counts }: Pick<BatchStatus, 'status' | 'counts'>): string {
  if (status === null) return 'unknown'
  const failed = counts.failed > 0 ? `, ${counts.failed} failed` : ''
  return `${status.replaceAll('_', ' ')} ${counts.completed}/${counts.total}${failed}`
}

async function cancel(context: CommandContext, id: string): Promise<number> {
  const { output } = context
  const { batch, status } = await openProjectFor(context).cancelBatch(id)
  output.event({ type: 'batch-cancelled', batch, status })
  if (status === null) {
    output.line(`The server does not know ${batch}: Limn no longer waits for it.`)
  } else if (status === 'cancelling' || status === 'cancelled') {
    output.line(`${batch} is ${status}. \`limn generate\` collects the pictures it has finished.`)
  } else output.line(`${batch} is already ${status}. \`limn generate\` collects it.`)
  return 0
}
