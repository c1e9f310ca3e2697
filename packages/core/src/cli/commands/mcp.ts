import { serveMcp } from '../../project/mcp/serve.ts'
import { openProject } from '../../project/project.ts'
import type { CommandContext } from '../command.ts'
import type { Output } from '../output.ts'
import { projectOptions } from '../project-options.ts'
import { reserveStdout } from '../protocol-streams.ts'
import { reportError } from '../report-error.ts'
import { parseMaxCost } from '../text.ts'

/** Runs `limn mcp` until the client leaves: offers the project's tools to an agent. */
export async function run(context: CommandContext): Promise<number> {
  const { options, signal, quit, setIdle, streams } = context
  const maxUsd = parseMaxCost(options['max-cost'])
  const { input, output: protocol, release } = reserveStdout(streams)
  const output = toStderr(context.output)
  setIdle(true)
  try {
    await serveMcp({
      // There is no terminal to ask on: standard input has the protocol.
      project: openProject({ ...projectOptions({ ...context, output }), askForTrust: undefined }),
      maxUsd,
      input,
      output: protocol,
      signal,
      quit,
      nameCommands: output.nameCommands,
      onBug: (error) => reportError(error, output),
      onWork: (isWorking) => setIdle(!isWorking),
    })
  } finally {
    release()
  }
  return 0
}

/** Returns an output that writes nothing to standard output, which has the protocol. */
function toStderr(output: Output): Output {
  return { ...output, line: (text = '') => output.problem(text), event: () => {} }
}
