import { util } from '../disk/node-builtins.ts'
import type { Paint } from '../plan/format-plan.ts'
import type { Streams } from './streams.ts'

/** What a command prints to: lines for people, or events for tools. */
export type Output = {
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  /** Colours for standard output, or none. */
  paint: Paint
  /**
   * A line of the result, to standard output. Nothing with `--quiet` or `--json`. An empty one
   * parts what comes after it from what was printed before, if anything was and does.
   */
  line(text?: string): void
  /**
   * A line about something wrong, to standard error. Nothing with `--json`. Empty ones as in
   * `line`.
   */
  problem(text: string): void
  /** A line that stays at the bottom while work goes on; only on a terminal. */
  status(text: string | undefined): void
  /**
   * Asks for a yes or no, where somebody sits at a terminal to give it. @returns `undefined` where
   * nobody does
   */
  confirm(question: string, signal: AbortSignal): Promise<boolean | undefined>
  /** An event, as one line of JSON to standard output. Nothing without `--json`. */
  event(event: Readonly<Record<string, unknown>>): void
}

export type OutputOptions = Streams & {
  env: Readonly<Record<string, string | undefined>>
  json: boolean
  quiet: boolean
  verbose: boolean
}

/**
 * What a stream has had so far: whether anything, and whether a blank line is to come before the
 * next.
 */
type Printed = { isBegun: boolean; wantsGap: boolean }

function createPrinted(): Printed {
  return { isBegun: false, wantsGap: false }
}

/** What is to come before the next line: a blank one, or nothing. */
function takeGap(printed: Printed): string {
  const gap = printed.wantsGap ? '\n' : ''
  Object.assign(printed, { isBegun: true, wantsGap: false })
  return gap
}

const styles = {
  add: 'green',
  change: 'yellow',
  remove: 'red',
  warn: 'magenta',
  dim: 'dim',
  bold: 'bold',
} as const

/** Prints in the way the options and the terminal ask for. */
export function createOutput({
  stdin,
  stdout,
  stderr,
  env,
  json,
  quiet,
  verbose,
}: OutputOptions): Output {
  const isLive = (): boolean => !json && !quiet && !isCI(env) && stderr().isTTY === true
  let shown = false
  const out = createPrinted()
  let ownErr: Printed | undefined
  // A terminal shows both streams as one.
  const err = (): Printed =>
    (ownErr ??= stdout().isTTY === true && stderr().isTTY === true ? out : createPrinted())
  const print = (stream: NodeJS.WriteStream, printed: Printed, text: string): void => {
    if (text === '') {
      printed.wantsGap = printed.isBegun
      return
    }
    clear()
    stream.write(`${takeGap(printed)}${text}\n`)
  }
  const clear = (): void => {
    if (shown) stderr().write('\r\u001B[K')
    shown = false
  }
  return {
    json,
    quiet,
    verbose,
    paint: (kind, text) => util.styleText(styles[kind], text, { stream: stdout() }),
    line(text = '') {
      if (!json && !quiet) print(stdout(), out, text)
    },
    problem(text) {
      if (!json) print(stderr(), err(), text)
    },
    status(text) {
      clear()
      if (text === undefined || !isLive()) return
      stderr().write(text.slice(0, (stderr().columns || 80) - 1))
      shown = true
    },
    async confirm(question, signal) {
      const input = stdin()
      if (input.isTTY !== true || stderr().isTTY !== true || json || isCI(env)) return undefined
      clear()
      const { createInterface } = await import('node:readline/promises')
      const lines = createInterface({ input, output: stderr() })
      // The end of the input is a no.
      const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
      try {
        return /^y(es)?$/i.test(
          (
            await Promise.race([
              lines.question(`${takeGap(err())}${question} [y/N] `, { signal }),
              ended,
            ])
          ).trim(),
        )
      } finally {
        lines.close()
      }
    },
    event(event) {
      if (json) stdout().write(`${JSON.stringify(event)}\n`)
    },
  }
}

/** Whether this runs where nobody watches, as a CI says. */
export function isCI(env: OutputOptions['env']): boolean {
  return !['', '0', 'false'].includes(env['CI'] ?? '')
}
