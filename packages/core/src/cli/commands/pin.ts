import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'

/** Runs `limn pin NAME` and `limn pin NAME --off`. */
export async function run(context: CommandContext): Promise<number> {
  const { output, args, options } = context
  const name = args[0]!
  const pinned = options['off'] !== true
  await openProjectFor(context).pin(name, pinned)
  output.event({ type: pinned ? 'pinned' : 'unpinned', asset: name })
  output.line(
    pinned
      ? `"${name}" is pinned: its picture is kept whatever the manifest says. \`limn pin ${name} --off\` unpins it.`
      : `"${name}" is unpinned: it follows the manifest again.`,
  )
  return 0
}
