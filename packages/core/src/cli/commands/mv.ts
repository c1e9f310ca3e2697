import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'
import { printProgress } from '../progress.ts'

/** Runs `limn mv OLD NEW`. */
export async function run(context: CommandContext): Promise<number> {
  const { output, args } = context
  const [from, to] = [args[0]!, args[1]!]
  await openProjectFor(context).rename(from, to, printProgress(output))
  output.event({ type: 'renamed', from, to })
  output.line(`Renamed ${from} to ${to}.`)
  return 0
}
