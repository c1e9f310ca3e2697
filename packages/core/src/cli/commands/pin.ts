import type { CommandContext } from '../command.ts'
import { openFrom } from '../open-project.ts'

/** `limn pin NAME`: the picture stays, whatever becomes of its prompt. */
export async function run(context: CommandContext): Promise<number> {
  const { output, args, options } = context
  const pinned = options['off'] !== true
  await openFrom(context).pin(args[0]!, pinned)
  output.event({ type: pinned ? 'pinned' : 'unpinned', asset: args[0]! })
  output.line(
    pinned
      ? `${args[0]} stays as it is, whatever the manifest says. \`limn pin ${args[0]} --off\` lets it follow again.`
      : `${args[0]} follows the manifest again.`,
  )
  return 0
}
