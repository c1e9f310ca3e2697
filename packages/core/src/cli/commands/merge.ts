import { count } from '../../count.ts'
import type { MergeConflict, MergeResult } from '../../project/merge/result.ts'
import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'
import type { Output } from '../output.ts'

/**
 * Runs `limn merge`. Merges all that it can, and fails if something is missing or does not fit
 * together.
 */
export async function run(context: CommandContext): Promise<number> {
  const { args, output } = context
  const result = await openProjectFor(context).merge(args)
  const isComplete = result.conflicts.length === 0 && result.problems.length === 0
  output.event({ type: 'merged', ok: isComplete, ...result })
  printMerged(result, output)
  for (const conflict of result.conflicts) output.problem(conflictLines(conflict))
  for (const { message, hint } of result.problems) {
    output.problem([`  ✗ ${message}`, `    → ${hint}`])
  }
  return isComplete ? 0 : 1
}

function printMerged({ parts, merged, moved, received }: MergeResult, output: Output): void {
  for (const { folder, shard, changed } of parts) {
    const name = shard === null ? folder : `${folder} (shard ${shard})`
    output.line(`  ${name}: ${changed === 0 ? 'nothing new' : count(changed, 'new picture')}`)
  }
  const rest = moved.length === 0 ? '' : `, ${moved.length} of them renamed`
  output.line(
    merged.length === 0 ? 'Nothing to merge.' : `Merged ${count(merged.length, 'picture')}${rest}.`,
  )
  if (received > 0) {
    output.line(
      `${count(received, 'picture')} that a shard had received ${received === 1 ? 'is' : 'are'} in the journal: \`limn generate\` installs ${received === 1 ? 'it' : 'them'} at no cost.`,
    )
  }
}

function conflictLines({ asset, kept, other, isSameRequest }: MergeConflict): string[] {
  const where = kept ?? 'the project'
  const what = isSameRequest ? 'both have paid for the same request' : 'their requests differ'
  return [
    `  ✗ ${asset}: ${where} and ${other} have different pictures: ${what}. Limn keeps that of ${where}.`,
    `    → Run \`limn restore ${asset}\` to see the other one, which is an earlier picture now.`,
  ]
}
