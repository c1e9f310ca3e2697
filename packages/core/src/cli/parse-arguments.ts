import { didYouMean } from '../did-you-mean.ts'
import { LimnError } from '../errors.ts'
import type { Command, OptionSpec, OptionValues } from './command.ts'
import { commands, globalOptions } from './registry.ts'

/** The command line, parsed. `name` and `command` are `undefined` if it names none. */
export type ParsedArguments = {
  name: string | undefined
  command: Command | undefined
  args: string[]
  options: OptionValues
}

type OptionSpecs = Readonly<Record<string, OptionSpec>>

/** Parses the command line. @throws LimnError `usage` */
export function parseArguments(argv: readonly string[]): ParsedArguments {
  const name = findName(argv)
  // `limn help plan` is `limn plan --help`.
  if (name === 'help') {
    return parseArguments([...argv.filter((argument) => argument !== 'help'), '--help'])
  }
  const command = name === undefined ? undefined : findCommand(name)
  const { values, positionals } = parseOptions(argv, name, {
    ...globalOptions,
    ...command?.options,
  })
  const args = positionals.slice(1)
  if (name !== undefined && command !== undefined && values['help'] !== true) {
    requireArity(name, command, args)
  }
  return { name, command, args, options: values }
}

/** @throws LimnError `usage` */
function findCommand(name: string): Command {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command !== undefined) return command
  throw new LimnError('usage', `There is no command "${name}".`, {
    hint: didYouMean(name, Object.keys(commands)) ?? 'Run `limn --help` to see the commands.',
  })
}

/** @throws LimnError `usage` */
function parseOptions(
  argv: readonly string[],
  name: string | undefined,
  specs: OptionSpecs,
): { values: OptionValues; positionals: string[] } {
  const options = Object.fromEntries(
    Object.entries(specs).map(([key, { type, short }]) => [
      key,
      short === undefined ? { type } : { type, short },
    ]),
  )
  try {
    // An `import` of node:util would also load its workers.
    const { values, positionals } = process
      .getBuiltinModule('node:util')
      .parseArgs({ args: joinNegatives(argv), options, allowPositionals: true })
    return { values: values as OptionValues, positionals }
  } catch (error) {
    throw explainParseError(error, name, specs)
  }
}

/** Returns an error of Node's parser in Limn's words. */
function explainParseError(
  error: unknown,
  name: string | undefined,
  specs: OptionSpecs,
): LimnError {
  const message = error instanceof Error ? error.message : String(error)
  const helpCommand = `limn${name === undefined ? '' : ` ${name}`} --help`
  const withoutValue = /Option '[^']*(--[\w-]+)[^']*' argument/.exec(message)?.[1]
  if (withoutValue !== undefined) {
    return new LimnError('usage', `${withoutValue} requires a value.`, {
      hint: `Write it as ${withoutValue} ${specs[withoutValue.slice(2)]?.value ?? 'VALUE'}.`,
      cause: error,
    })
  }
  const unknown = /Unknown option '(-+[^']*)'/.exec(message)?.[1]
  if (unknown === undefined) {
    return new LimnError('usage', message.split('. ', 1)[0]!.replace(/\.?$/, '.'), {
      hint: `Run \`${helpCommand}\` to see the options.`,
      cause: error,
    })
  }
  const known = Object.keys(specs).map((key) => `--${key}`)
  return new LimnError(
    'usage',
    `There is no option ${unknown}${name === undefined ? '' : ` for limn ${name}`}.`,
    {
      hint: didYouMean(unknown, known) ?? `Run \`${helpCommand}\` to see the options.`,
      cause: error,
    },
  )
}

/** @throws LimnError `usage` if the number of arguments is wrong */
function requireArity(name: string, { usage, arity }: Command, args: readonly string[]): void {
  const [min, max] = arity ?? [0, 0]
  if (args.length >= min && args.length <= max) return
  const expected = usage ?? 'no arguments'
  const received = args.length === 0 ? 'none' : args.join(' ')
  throw new LimnError('usage', `limn ${name} takes ${expected}, but received ${received}.`, {
    hint: `Run \`limn ${name} --help\`.`,
  })
}

/**
 * Joins `--max-cost -1` to `--max-cost=-1`: a negative number is a value, which the command then
 * rejects.
 */
function joinNegatives(argv: readonly string[]): string[] {
  return argv.reduce<string[]>((joined, argument) => {
    const before = joined.at(-1)
    return before !== undefined && /^--[\w-]+$/.test(before) && /^-\$?[\d.]/.test(argument)
      ? [...joined.slice(0, -1), `${before}=${argument}`]
      : [...joined, argument]
  }, [])
}

/** Returns the first argument that is neither an option nor the value of a global option. */
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

/** Returns the options that name the project, as the user gave them: for commands in hints. */
export function commandOptions(options: OptionValues): string[] {
  const values = { '-C': options['cwd'], '-m': options['manifest'] }
  return Object.entries(values).flatMap(([name, value]) =>
    typeof value === 'string' ? [name, value] : [],
  )
}
