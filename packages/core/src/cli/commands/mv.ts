import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'
import { printProgress } from '../progress.ts'

/** Runs `limn mv OLD NEW`. */
export async function run(context: CommandContext): Promise<number> {
  const { output, args } = context
  const [from, to] = [args[0]!, args[1]!]
  const { print, finish } = printProgress(output)
  await openProjectFor(context).rename(from, to, print).finally(finish)
  output.event({ type: 'renamed', from, to })
  output.line(`Renamed ${from} to ${to}.`)
  return 0
}
