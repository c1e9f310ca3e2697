import type { Output } from './output.ts'

/** An option of the command line, as `node:util` parses it. */
export type OptionSpec = {
  type: 'boolean' | 'string'
  short?: string
  /** What stands for the value in the help: `DIR`. */
  value?: string
  /** One line for the help. */
  help: string
}

export type OptionValues = Readonly<Record<string, string | boolean | undefined>>

/** What a command gets: nothing of `process` but what stands here. */
export type CommandContext = {
  /** Absolute folder that paths are relative to (`-C`). */
  cwd: string
  /** Positional arguments. */
  args: readonly string[]
  options: OptionValues
  output: Output
  /** Variables of the process. */
  env: Readonly<Record<string, string | undefined>>
  /** Fires when the user interrupts. */
  signal: AbortSignal
  /** Fires when they do so again. */
  quit: AbortSignal
  /**
   * Says whether anything is under way that an interrupt would have to wait for. Default: something
   * is.
   */
  setIdle: (isIdle: boolean) => void
}

/** Carries a command out. @returns the exit code */
export type Run = (context: CommandContext) => Promise<number>

/** A command's face; what it does is loaded only when it is called. */
export type Command = {
  summary: string
  /** Positional arguments for the help: `[names…]`. */
  usage?: string
  /** Fewest and most positional arguments. Default none. */
  arity?: readonly [least: number, most: number]
  options?: Readonly<Record<string, OptionSpec>>
  /** Whether it asks a model for pictures. Default false. */
  asks?: boolean
  load: () => Promise<{ run: Run }>
}
