import type { CommandContext } from '../command.ts'
import { openFrom } from '../open.ts'

/** `limn prune`: the only command that deletes. */
export async function run(context: CommandContext): Promise<number> {
  const { output } = context
  const { assets, files } = await openFrom(context).prune()
  for (const path of files) {
    output.event({ type: 'removed', path })
    output.line(`  - ${path}`)
  }
  output.event({ type: 'pruned', assets, files: files.length })
  if (files.length === 0 && assets.length === 0) output.line('Nothing to prune.')
  else output.line(`Removed ${files.length} file${files.length === 1 ? '' : 's'} and ${assets.length} asset${assets.length === 1 ? '' : 's'} from the lock; masters are kept in .limn/replaced.`)
  return 0
}
