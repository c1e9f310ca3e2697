import { resolve } from 'node:path'
import { limnVersion } from '../version.ts'
import type { OptionValues } from './command.ts'
import { createInterrupts, type Interrupts } from './interrupts.ts'
import { createOutput, type Output } from './output.ts'
import { commandOptions, parseArguments, type ParsedArguments } from './parse-arguments.ts'
import { createStreams, type Streams } from './streams.ts'

type Host = Pick<
  NodeJS.Process,
  'stdin' | 'stdout' | 'stderr' | 'argv' | 'env' | 'cwd' | 'on' | 'off' | 'exit'
>

/**
 * Runs the command line.
 *
 * @returns the exit code: 0 done, 1 failed, 2 changes pending, 130 interrupted
 */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  const streams = createStreams(host)
  const outputFor = (options: OptionValues): Output =>
    createOutput({
      ...streams,
      env: host.env,
      script: host.argv[1] ?? '',
      json: options['json'] === true,
      quiet: options['quiet'] === true,
      verbose: options['verbose'] === true,
    })
  // Errors in the arguments themselves respect --json too.
  let output = outputFor({ json: argv.includes('--json') })
  let requestsPictures = false
  let where: string[] = []
  const interrupts = createInterrupts(host, () => reportInterrupt(output, requestsPictures))
  try {
    const parsed = parseArguments(argv)
    output = outputFor(parsed.options)
    where = commandOptions(parsed.options)
    if (parsed.options['version'] === true) {
      streams.stdout().write(`${limnVersion()}\n`)
      return 0
    }
    if (parsed.options['help'] === true) {
      await printHelp(parsed, streams)
      return 0
    }
    requestsPictures = parsed.command?.requestsPictures === true
    return await runCommand(parsed, { host, output, streams, interrupts })
  } catch (error) {
    const { reportError } = await import('./report-error.ts')
    reportError(error, output, where)
    return interrupts.signal.aborted ? 130 : 1
  } finally {
    output.status(undefined)
    interrupts.stopListening()
  }
}

async function printHelp({ name, command }: ParsedArguments, streams: Streams): Promise<void> {
  const { formatCommandHelp, formatOverview } = await import('./help.ts')
  const stdout = streams.stdout()
  const columns = stdout.isTTY ? stdout.columns || undefined : undefined
  stdout.write(
    command === undefined
      ? formatOverview(limnVersion(), columns)
      : formatCommandHelp(name!, command, columns),
  )
}

async function runCommand(
  { command, args, options }: ParsedArguments,
  {
    host,
    output,
    streams,
    interrupts,
  }: { host: Host; output: Output; streams: Streams; interrupts: Interrupts },
): Promise<number> {
  const cwd = resolve(host.cwd(), typeof options['cwd'] === 'string' ? options['cwd'] : '.')
  const { run } = await (command?.load() ?? import('./next-step.ts'))
  interrupts.listen()
  const { signal, quit, setIdle } = interrupts
  const code = await run({
    cwd,
    args,
    options,
    output,
    streams,
    env: host.env,
    signal,
    quit,
    setIdle,
  })
  // Encoders that are still running would keep the process alive.
  if (quit.aborted) host.exit(130)
  return signal.aborted ? 130 : code
}

function reportInterrupt(output: Output, requestsPictures: boolean): void {
  // The terminal has printed ^C on the current line.
  output.problem('')
  const inFlight = requestsPictures ? ' Pictures in flight are still received and stored.' : ''
  output.problem(`Stopping.${inFlight} Press Ctrl-C again to stop at once.`)
}
