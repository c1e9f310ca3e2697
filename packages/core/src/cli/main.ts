import { resolve } from 'node:path'
import { didYouMean } from '../did-you-mean.ts'
import { util } from '../disk/node-builtins.ts'
import { LimnError } from '../errors.ts'
import { limnVersion } from '../version.ts'
import type { Command, OptionSpec, OptionValues } from './command.ts'
import { createOutput } from './output.ts'
import { commands, globalOptions } from './registry.ts'
import { createStreams } from './streams.ts'

type ProcessLike = Pick<
  NodeJS.Process,
  'stdin' | 'stdout' | 'stderr' | 'env' | 'cwd' | 'on' | 'off' | 'exit'
>

/**
 * Runs the command line. @returns the exit code: 0 done, 1 failed, 2 changes pending, 130
 * interrupted
 */
export async function main(argv: readonly string[], host: ProcessLike): Promise<number> {
  const { env } = host
  const streams = createStreams(host)
  const [interrupt, quit] = [new AbortController(), new AbortController()]
  // The first one stops starting: what is paid for arrives and is kept. The second leaves that; what has arrived is still written down.
  let [asks, isIdle] = [false, false]
  const onSignal = (): void => {
    if (quit.signal.aborted) host.exit(130)
    if (interrupt.signal.aborted) {
      quit.abort()
      // Whatever does not heed it.
      setTimeout(() => host.exit(130), QUIT_MS).unref()
      return
    }
    interrupt.abort()
    if (isIdle) return
    // The terminal has put ^C there.
    output.problem('')
    output.problem(
      `${asks ? 'Stopping: pictures that are under way still arrive and are kept.' : 'Stopping.'} Press Ctrl-C again to stop at once.`,
    )
  }
  let output = createOutput({
    ...streams,
    env,
    json: argv.includes('--json'),
    quiet: false,
    verbose: false,
  })
  try {
    const { name, command, args, options } = parse(argv)
    output = createOutput({
      ...streams,
      env,
      json: options['json'] === true,
      quiet: options['quiet'] === true,
      verbose: options['verbose'] === true,
    })
    if (options['version'] === true) {
      streams.stdout().write(`${limnVersion()}\n`)
      return 0
    }
    if (command === undefined || options['help'] === true) {
      const { commandHelp, overview } = await import('./help.ts')
      streams
        .stdout()
        .write(command === undefined ? overview(limnVersion()) : commandHelp(name!, command))
      return command === undefined && argv.length === 0 ? 1 : 0
    }
    const folder = resolve(host.cwd(), typeof options['cwd'] === 'string' ? options['cwd'] : '.')
    const { run } = await command.load()
    asks = command.asks === true
    for (const signal of SIGNALS) host.on(signal, onSignal)
    const code = await run({
      cwd: folder,
      args,
      options,
      output,
      env,
      signal: interrupt.signal,
      quit: quit.signal,
      setIdle: (now) => (isIdle = now),
    })
    // Encoders that are still at work are left too.
    if (quit.signal.aborted) host.exit(130)
    return interrupt.signal.aborted ? 130 : code
  } catch (error) {
    const { reportError } = await import('./report-error.ts')
    reportError(error, output)
    return interrupt.signal.aborted ? 130 : 1
  } finally {
    output.status(undefined)
    for (const signal of SIGNALS) host.off(signal, onSignal)
  }
}

/** Ctrl-C, a request to end, and a terminal that was closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** How long after the second of them a command may still write down what it has, ms. */
const QUIT_MS = 3000

type Parsed = {
  name: string | undefined
  command: Command | undefined
  args: string[]
  options: OptionValues
}

/** @throws LimnError `usage` */
function parse(argv: readonly string[]): Parsed {
  // `limn help plan` is `limn plan --help`.
  const first = findName(argv)
  if (first === 'help') return parse([...argv.filter((argument) => argument !== 'help'), '--help'])
  const name = first
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  if (name !== undefined && command === undefined) {
    throw new LimnError('usage', `There is no command "${name}".`, {
      hint: didYouMean(name, Object.keys(commands)) ?? 'Run `limn --help` to see the commands.',
    })
  }
  const specs: Record<string, OptionSpec> = { ...globalOptions, ...command?.options }
  const options = Object.fromEntries(
    Object.entries(specs).map(([key, { type, short }]) => [
      key,
      short === undefined ? { type } : { type, short },
    ]),
  )
  let parsed
  try {
    parsed = util.parseArgs({ args: joinNegatives(argv), options, allowPositionals: true })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const unknown = /Unknown option '(-+[^']*)'/.exec(message)?.[1]
    const valueless = /Option '[^']*(--[\w-]+)[^']*' argument/.exec(message)?.[1]
    if (valueless !== undefined) {
      throw new LimnError('usage', `${valueless} takes a value.`, {
        hint: `Write it as ${valueless} ${specs[valueless.slice(2)]?.value ?? 'VALUE'}.`,
        cause: error,
      })
    }
    if (unknown === undefined) {
      throw new LimnError('usage', message.split('. ', 1)[0]!.replace(/\.?$/, '.'), {
        hint: `Run \`limn ${name ?? ''} --help\`.`.replace('  ', ' '),
        cause: error,
      })
    }
    const hint =
      didYouMean(
        unknown,
        Object.keys(specs).map((key) => `--${key}`),
      ) ?? `Run \`limn${name === undefined ? '' : ` ${name}`} --help\` to see the options.`
    throw new LimnError(
      'usage',
      `There is no option ${unknown}${name === undefined ? '' : ` for limn ${name}`}.`,
      { hint, cause: error },
    )
  }
  const [, ...args] = parsed.positionals
  const [least, most] = command?.arity ?? [0, 0]
  if (
    command !== undefined &&
    parsed.values['help'] !== true &&
    (args.length < least || args.length > most)
  ) {
    throw new LimnError(
      'usage',
      `limn ${name} takes ${command.usage ?? 'no names'}, and got ${args.length === 0 ? 'none' : args.join(' ')}.`,
      { hint: `Run \`limn ${name} --help\`.` },
    )
  }
  return { name, command, args, options: parsed.values as OptionValues }
}

/**
 * `--max-cost -1` as `--max-cost=-1`: a number below zero is no option, and the command says what
 * it thinks of it.
 */
function joinNegatives(argv: readonly string[]): string[] {
  return argv.reduce<string[]>((joined, argument) => {
    const before = joined.at(-1)
    return before !== undefined && /^--[\w-]+$/.test(before) && /^-\$?[\d.]/.test(argument)
      ? [...joined.slice(0, -1), `${before}=${argument}`]
      : [...joined, argument]
  }, [])
}

/** The first argument that is neither an option nor the value of a global one. */
function findName(argv: readonly string[]): string | undefined {
  const takesValue = new Set(
    Object.entries(globalOptions).flatMap(([key, spec]) =>
      spec.type === 'string' ? [`--${key}`, `-${spec.short}`] : [],
    ),
  )
  return argv.find(
    (argument, index) => !argument.startsWith('-') && !takesValue.has(argv[index - 1] ?? ''),
  )
}
