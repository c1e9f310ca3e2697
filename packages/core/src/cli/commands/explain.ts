import { formatUsd } from '../../models/cost.ts'
import type { Explanation } from '../../project/explain.ts'
import { priceOfStep } from '../../project/plan-steps.ts'
import { describeStep } from '../../project/plan-text.ts'
import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'
import type { Output } from '../output.ts'

/** Runs `limn explain NAME`: compares the recorded request with the current one, field by field. */
export async function run(context: CommandContext): Promise<number> {
  const { output, args } = context
  const explanation = await openProjectFor(context).explain(args[0]!)
  const { asset, entry, steps, request, changes } = explanation
  output.event({
    type: 'explained',
    asset: asset.name,
    steps,
    was: entry?.request ?? null,
    is: asset.source === null ? request : { operation: 'source', source: asset.source.path },
    changes,
  })
  output.line(output.paint('bold', asset.name))
  printSteps(explanation, output)
  output.line()
  if (asset.source !== null) {
    output.line(`  source  ${asset.source.path}`)
    return 0
  }
  printFields(explanation, output)
  output.line()
  if (asset.isSizeAuto && changes.length === 1 && changes[0]!.field === 'size') {
    output.line(
      '  Limn chose the size from the outputs: it keeps the existing picture and derives the outputs from it.',
    )
  }
  return 0
}

function printSteps(explanation: Explanation, output: Output): void {
  const { steps, currency } = explanation
  for (const step of steps) {
    const usd = priceOfStep(step)
    const price = step.kind === 'generate' || usd !== 0 ? `, ${formatUsd(usd, currency)}` : ''
    output.line(`  ${describeStep(step)}${price}`)
  }
  if (steps.length === 0) output.line(`  ${describeUnchanged(explanation)}`)
}

/** Returns why there is nothing to do. */
function describeUnchanged({ asset, entry, changes }: Explanation): string {
  const isChanged = changes.length > 0
  if (isChanged && entry?.master.state === 'pinned') {
    return 'pinned: kept, although the manifest has changed'
  }
  if (isChanged && asset.staleOk !== 'no') {
    return 'may be stale (`stale: ok`): kept, although the manifest has changed'
  }
  return 'matches the manifest'
}

/** Prints the fields of the request; for a changed one, the recorded and the current value. */
function printFields({ request, changes }: Explanation, output: Output): void {
  const changeByField = new Map(changes.map((change) => [change.field, change]))
  const width = Math.max(...Object.keys(request).map((field) => field.length))
  for (const [field, value] of Object.entries(request)) {
    const label = field.padEnd(width)
    const change = changeByField.get(field)
    if (change === undefined) {
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      output.line(output.paint('dim', `    ${label}  ${text}`))
    } else {
      output.line(output.paint('remove', `  - ${label}  ${change.from ?? 'nothing'}`))
      output.line(output.paint('add', `  + ${label}  ${change.to ?? 'nothing'}`))
    }
  }
}
