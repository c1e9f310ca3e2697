import type { CommandContext } from '../command.ts'
import { openFrom } from '../open.ts'

/** `limn prune`: the only command that deletes. */
export async function run(context: CommandContext): Promise<number> {
  const { output } = context
  const removed = await openFrom(context).prune()
  for (const path of removed) {
    output.event({ type: 'removed', path })
    output.line(`  - ${path}`)
  }
  output.line(removed.length === 0 ? 'Nothing to prune.' : `Removed ${removed.length} file${removed.length === 1 ? '' : 's'}; masters are kept in .limn/replaced.`)
  return 0
}
