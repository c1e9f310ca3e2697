import { isInBatch } from '../../plan/batch-eligibility.ts'
import { describeStep } from '../../plan/describe-step.ts'
import { displayWidth, pad } from '../../plan/format-plan.ts'
import type { Step } from '../../plan/plan.ts'
import { hasWork } from '../../plan/steps.ts'
import type { Project } from '../../project/project.ts'
import type { CommandContext } from '../command.ts'
import { openFrom } from '../open-project.ts'
import { count } from '../text.ts'

/**
 * `limn list`: every asset with its state, size and number of files. What `limn check` finds wrong
 * is wrong here too.
 */
export async function run(context: CommandContext): Promise<number> {
  const { output } = context
  const checked = await openFrom(context).check()
  const { plan, faults, snapshot } = checked
  const stepByAsset = new Map(
    plan.steps.filter(({ kind }) => kind !== 'prune').map((step) => [step.asset, step]),
  )
  const rows = snapshot.manifest.assets.map((asset) => {
    const step = stepByAsset.get(asset.name)
    const entry = snapshot.lock.assets.get(asset.name)
    const wrong = faults.filter((fault) => fault.asset === asset.name).map(({ message }) => message)
    const state =
      step === undefined && wrong.length > 0 ? 'tampered' : stateOf(step, entry?.master.state)
    return {
      name: asset.name,
      state,
      size: entry === undefined ? asset.size : `${entry.master.width}x${entry.master.height}`,
      outputs: asset.outputs.length,
      why: [...(step === undefined ? [] : [describeStep(step)]), ...wrong].join('; '),
    }
  })
  for (const row of rows) output.event({ type: 'asset', ...row })
  const width = Math.max(0, ...rows.map(({ name }) => displayWidth(name)))
  for (const { name, state, size, outputs, why } of rows) {
    output.line(
      `${output.paint('bold', pad(name, width))}  ${pad(state, 9)}  ${pad(size, 9)}  ${count(outputs, 'file').padEnd(8)}  ${output.paint('dim', why)}`.trimEnd(),
    )
  }
  output.line()
  if (rows.length === 0) output.line('The manifest has no assets yet.')
  else output.line(`${count(rows.length, 'asset')}${whatIsLeft(checked)}`)
  return 0
}

function stateOf(step: Step | undefined, locked: string | undefined): string {
  if (step === undefined) return locked ?? 'generated'
  if (step.kind === 'keep' && isInBatch(step)) return 'in batch'
  const states: Record<Step['kind'], string> = {
    generate: step.reasons.some(({ code }) => code === 'new') ? 'new' : 'stale',
    recover: 'received',
    derive: 'outputs',
    move: 'renamed',
    keep: 'edited',
    prune: 'orphan',
  }
  return states[step.kind]
}

/** Whether there is anything to do, and which command tells of it. */
function whatIsLeft({ plan, problems, faults }: Awaited<ReturnType<Project['check']>>): string {
  if (hasWork(plan)) return '; `limn plan` shows what there is to do.'
  if (problems.length + faults.length === 0) return ', nothing to do.'
  return faults.length === 0 && problems.every(({ step }) => isInBatch(step))
    ? '; `limn batch` shows how far the rest is.'
    : '; `limn check` says what is wrong.'
}
