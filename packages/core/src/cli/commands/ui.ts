import { LimnError } from '../../errors.ts'
import { openUi } from '../../project/sheet/ui/open-ui.ts'
import type { CommandContext } from '../command.ts'
import { openBrowser } from '../open-browser.ts'
import { openProjectFor } from '../open-project.ts'
import { reportError } from '../report-error.ts'
import { parseMaxCost } from '../text.ts'

/** Runs `limn ui` until it is interrupted: shows the contact sheet in the browser. */
export async function run(context: CommandContext): Promise<number> {
  const { output, options, env, signal, setIdle } = context
  const server = await openUi({
    project: openProjectFor(context),
    port: parsePort(options['port']),
    maxUsd: parseMaxCost(options['max-cost']),
    nameCommands: output.nameCommands,
    onBug: (error) => reportError(error, output),
    onWork: (isWorking) => setIdle(!isWorking),
  })
  setIdle(true)
  output.event({ type: 'ui', url: server.url })
  output.line(`Contact sheet: ${server.url}`)
  output.line(output.paint('dim', 'The link opens it once. Press Ctrl-C to stop.'))
  if (options['no-open'] !== true && !output.json) openBrowser(server.url, env)
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await server.close()
  output.line('Stopped.')
  return 0
}

/** @throws LimnError `usage` */
function parsePort(value: string | boolean | undefined): number {
  if (typeof value !== 'string') return 0
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value)
  throw new LimnError('usage', `--port requires a number from 0 to 65535, but it is "${value}".`, {
    hint: 'Write it as --port 4100.',
  })
}
