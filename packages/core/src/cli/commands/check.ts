import { isInBatch } from '../../plan/batch.ts'
import { describe, pad } from '../../plan/format.ts'
import type { CommandContext } from '../command.ts'
import { openFrom } from '../open.ts'

/** `limn check`: offline, no key, writes nothing. Fails where the repo is not as the manifest wants it. */
export async function run(context: CommandContext): Promise<number> {
  const { output } = context
  const { problems, faults, unknown, snapshot } = await openFrom(context).check()
  output.event({ type: 'checked', ok: problems.length === 0 && faults.length === 0, assets: snapshot.manifest.assets.length, problems, faults, unknown })
  for (const { asset, message, hint } of faults) output.problem(`  ✗ ${asset === null ? '' : `${asset}: `}${message}\n    → ${hint}`)
  if (unknown.length > 0) output.line(output.paint('dim', `In images.lock, and not in the manifest (limn prune): ${unknown.join(', ')}.`))
  const adopted = [...snapshot.lock.assets].filter(([, { master }]) => master.state === 'adopted').map(([name]) => name)
  if (problems.length === 0 && faults.length > 0) return 1
  if (problems.length === 0) {
    const count = snapshot.manifest.assets.length
    output.line(count === 1 ? 'The one picture is as the manifest and the lock want it.' : `All ${count} pictures are as the manifest and the lock want them.`)
    if (adopted.length > 0) output.line(output.paint('dim', `Edited or brought by hand, and adopted: ${adopted.join(', ')}.`))
    return 0
  }
  const isKept = problems.every(({ step }) => step.kind === 'keep')
  const isAsked = problems.every(({ step }) => step.kind === 'keep' && isInBatch(step))
  const advice = isAsked ? '`limn generate` once their batch is done' : isKept ? '`limn adopt NAME` to accept what is there, or git to take it back' : '`limn generate`'
  const width = Math.max(...problems.map(({ asset }) => asset.length))
  for (const { asset, step } of problems) output.problem(`  ✗ ${pad(asset, width)}  ${describe(step)}`)
  output.problem(`\n${problems.length} of ${snapshot.manifest.assets.length} pictures ${problems.length === 1 ? 'is' : 'are'} not as the manifest wants. Run \`limn plan\` to see why, then ${advice}, and commit images.lock and images/.`)
  return 1
}
