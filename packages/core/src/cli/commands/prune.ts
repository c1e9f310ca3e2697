import { count } from '../../count.ts'
import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'

/** Runs `limn prune`, the only command that deletes. */
export async function run(context: CommandContext): Promise<number> {
  const { output, options } = context
  const dryRun = options['dry-run'] === true
  const { assets, files, kept } = await openProjectFor(context).prune({ dryRun })
  for (const path of files) {
    output.event({ type: dryRun ? 'would-remove' : 'removed', path })
    output.line(`  ${output.paint('remove', '-')} ${path}`)
  }
  for (const path of kept) {
    output.event({ type: 'kept', path })
    output.line(`  ${output.paint('warn', '!')} ${path} differs from the lockfile: kept`)
  }
  output.event({ type: dryRun ? 'would-prune' : 'pruned', assets, files: files.length })
  if (files.length === 0 && assets.length === 0) {
    output.line('Nothing to prune.')
    return 0
  }
  output.line()
  const removed = `${count(files.length, 'file')} and ${count(assets.length, 'asset')} from the lockfile`
  output.line(
    dryRun
      ? `\`limn prune\` would remove ${removed}, and keep masters in .limn/replaced.`
      : `Removed ${removed}; masters are kept in .limn/replaced.`,
  )
  return 0
}
