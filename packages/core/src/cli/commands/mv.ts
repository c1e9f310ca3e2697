import type { CommandContext } from '../command.ts'
import { openFrom } from '../open-project.ts'
import { printEvents } from '../progress.ts'

/** `limn mv OLD NEW`: only the name changes; comments and order of the manifest stay. */
export async function run(context: CommandContext): Promise<number> {
  const { output, args } = context
  const [from, to] = [args[0]!, args[1]!]
  await openFrom(context).rename(from, to, printEvents(output))
  output.event({ type: 'renamed', from, to })
  output.line(`${from} is ${to} now.`)
  return 0
}
