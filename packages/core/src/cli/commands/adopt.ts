import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'

/** Runs `limn adopt NAME [FILE]`. */
export async function run(context: CommandContext): Promise<number> {
  const { output, args } = context
  const [name, file] = [args[0]!, args[1]]
  const path = await openProjectFor(context).adopt(name, file)
  output.event({ type: 'adopted', asset: name, path })
  output.line(`${path} is now the master of "${name}". \`limn generate\` derives its files.`)
  return 0
}
