import { isInBatch } from '../../plan/batch.ts'
import type { Plan, Step } from '../../plan/plan.ts'
import { hasWork } from '../../plan/work.ts'
import { describe, displayWidth, pad } from '../../plan/format.ts'
import type { CommandContext } from '../command.ts'
import { openFrom } from '../open.ts'

/** `limn list`: every asset with its state, size and number of files. */
export async function run(context: CommandContext): Promise<number> {
  const { output } = context
  const { plan, snapshot } = await openFrom(context).plan()
  const stepByAsset = new Map(plan.steps.filter(({ kind }) => kind !== 'prune').map((step) => [step.asset, step]))
  const rows = snapshot.manifest.assets.map((asset) => {
    const step = stepByAsset.get(asset.name)
    const entry = snapshot.lock.assets.get(asset.name)
    return { name: asset.name, state: stateOf(step, entry?.master.state), size: entry === undefined ? asset.size : `${entry.master.width}x${entry.master.height}`, outputs: asset.outputs.length, why: step === undefined ? '' : describe(step) }
  })
  for (const row of rows) output.event({ type: 'asset', ...row })
  const width = Math.max(0, ...rows.map(({ name }) => displayWidth(name)))
  for (const { name, state, size, outputs, why } of rows) {
    output.line(`${output.paint('bold', pad(name, width))}  ${pad(state, 9)}  ${pad(size, 9)}  ${`${outputs} file${outputs === 1 ? '' : 's'}`.padEnd(8)}  ${output.paint('dim', why)}`.trimEnd())
  }
  if (rows.length === 0) output.line('The manifest has no assets yet.')
  else output.line(`\n${rows.length} asset${rows.length === 1 ? '' : 's'}${pending(plan)}`)
  return 0
}

function stateOf(step: Step | undefined, locked: string | undefined): string {
  if (step === undefined) return locked ?? 'generated'
  if (step.kind === 'keep' && isInBatch(step)) return 'in batch'
  const states: Record<Step['kind'], string> = { generate: step.reasons.some(({ code }) => code === 'new') ? 'new' : 'stale', recover: 'received', derive: 'outputs', move: 'renamed', keep: 'edited', prune: 'orphan' }
  return states[step.kind]
}

function pending(plan: Plan): string {
  return hasWork(plan) ? '; `limn plan` shows what there is to do.' : ', nothing to do.'
}
