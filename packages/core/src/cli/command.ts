import type { Output } from './output.ts'
import type { Streams } from './streams.ts'

/** An option of the command line, as `node:util` parses it. */
export type OptionSpec = {
  type: 'boolean' | 'string'
  short?: string
  /** Placeholder for the value in the help: `DIR`. */
  value?: string
  /** One line for the help. */
  help: string
}

/** The values of options by name; `undefined` or absent if not given. */
export type OptionValues = Readonly<Record<string, string | boolean | undefined>>

/** What a command receives. It uses nothing else of the process. */
export type CommandContext = {
  /** Absolute folder that paths are relative to (`-C`). */
  cwd: string
  /** Positional arguments. */
  args: readonly string[]
  options: OptionValues
  output: Output
  /** For a command that speaks a protocol over them; all others print to `output`. */
  streams: Streams
  /** Variables of the process. */
  env: Readonly<Record<string, string | undefined>>
  /** Fires when the user interrupts. */
  signal: AbortSignal
  /** Fires when the user interrupts a second time. */
  quit: AbortSignal
  /** Reports whether the command is idle, so that an interrupt stops it at once. Default not idle. */
  setIdle: (isIdle: boolean) => void
}

/** Executes a command. @returns the exit code */
type Run = (context: CommandContext) => Promise<number>

/** A command as the help shows it; its code is loaded when it is called. */
export type Command = {
  summary: string
  /** Positional arguments for the help: `[names…]`. */
  usage?: string
  /** Minimum and maximum number of positional arguments. Default none. */
  arity?: readonly [min: number, max: number]
  options?: Readonly<Record<string, OptionSpec>>
  /** Whether it requests pictures from a model. Default false. */
  requestsPictures?: boolean
  load: () => Promise<{ run: Run }>
}
