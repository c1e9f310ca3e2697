import type { CommandContext } from '../command.ts'
import { openFrom } from '../open-project.ts'

/** `limn adopt NAME [FILE]`: the picture is the asset's master until its request changes. */
export async function run(context: CommandContext): Promise<number> {
  const { output, args } = context
  const path = await openFrom(context).adopt(args[0]!, args[1])
  output.event({ type: 'adopted', asset: args[0]!, path })
  output.line(`${path} is the master of ${args[0]} now. \`limn generate\` cuts its files.`)
  return 0
}
