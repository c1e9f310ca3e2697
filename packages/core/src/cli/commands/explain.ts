import { compareRequests } from '../../identity/request.ts'
import type { MasterState } from '../../lock/lock.ts'
import type { Asset } from '../../manifest/manifest.ts'
import { formatUsd } from '../../models/cost.ts'
import { currentRequest } from '../../plan/current-request.ts'
import { describeStep } from '../../plan/describe-step.ts'
import type { CommandContext } from '../command.ts'
import { findAsset, openFrom } from '../open-project.ts'

/** Why nothing is to be done. */
function stays(asset: Asset, state: MasterState | undefined, isChanged: boolean): string {
  if (isChanged && state === 'pinned') {
    return 'pinned: it stays, though the manifest asks for something else now'
  }
  if (isChanged && asset.staleOk !== 'no') {
    return 'it may go stale: it stays, though the manifest asks for something else now'
  }
  return 'as the manifest wants it'
}

/** `limn explain NAME`: field by field, what was asked then and what is asked now. */
export async function run(context: CommandContext): Promise<number> {
  const { output, args } = context
  const { plan, snapshot } = await openFrom(context).plan()
  const asset = findAsset(snapshot, args[0]!)
  const entry = snapshot.lock.assets.get(asset.name)
  const steps = plan.steps.filter((step) => step.asset === asset.name)
  const request = currentRequest(asset, snapshot)
  const changes =
    entry === undefined || asset.source !== null ? [] : compareRequests(entry.request, request)
  output.event({
    type: 'explained',
    asset: asset.name,
    steps,
    was: entry?.request ?? null,
    is: asset.source === null ? request : { operation: 'source', source: asset.source.path },
    changes,
  })
  output.line(output.paint('bold', asset.name))
  for (const step of steps) {
    output.line(
      `  ${describeStep(step)}${step.kind === 'generate' ? `, ${formatUsd(step.usd, snapshot.manifest.currency)}` : ''}`,
    )
  }
  if (steps.length === 0) output.line(`  ${stays(asset, entry?.master.state, changes.length > 0)}`)
  if (asset.source !== null) {
    output.line()
    output.line(`  source  ${asset.source.path}`)
    return 0
  }
  output.line()
  const changed = new Map(changes.map((change) => [change.field, change]))
  const width = Math.max(...Object.keys(request).map((field) => field.length))
  for (const [field, value] of Object.entries(request)) {
    const change = changed.get(field)
    if (change === undefined) {
      output.line(
        output.paint(
          'dim',
          `    ${field.padEnd(width)}  ${typeof value === 'string' ? value : JSON.stringify(value)}`,
        ),
      )
    } else {
      output.line(output.paint('remove', `  - ${field.padEnd(width)}  ${change.from ?? 'nothing'}`))
      output.line(output.paint('add', `  + ${field.padEnd(width)}  ${change.to ?? 'nothing'}`))
    }
  }
  output.line()
  if (changed.has('size') && asset.isSizeAuto && changes.length === 1) {
    output.line(
      '  The size was chosen from the outputs: the picture that is there stays, and outputs are cut from it.',
    )
  }
  return 0
}
