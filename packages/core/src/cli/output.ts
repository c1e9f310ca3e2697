import { styleText } from 'node:util'
import type { Paint } from '../plan/format.ts'

/** What a command prints to: lines for people, or events for tools. */
export type Output = {
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  /** Colours for standard output, or none. */
  paint: Paint
  /** A line of the result, to standard output. Nothing with `--quiet` or `--json`. */
  line(text?: string): void
  /** A line about something wrong, to standard error. Nothing with `--json`. */
  problem(text: string): void
  /** A line that stays at the bottom while work goes on; only on a terminal. */
  status(text: string | undefined): void
  /** Asks for a yes or no, where somebody sits at a terminal to give it. @returns `undefined` where nobody does */
  confirm(question: string, signal: AbortSignal): Promise<boolean | undefined>
  /** An event, as one line of JSON to standard output. Nothing without `--json`. */
  event(event: Readonly<Record<string, unknown>>): void
}

export type OutputOptions = {
  stdin: NodeJS.ReadStream
  stdout: NodeJS.WriteStream
  stderr: NodeJS.WriteStream
  env: Readonly<Record<string, string | undefined>>
  json: boolean
  quiet: boolean
  verbose: boolean
}

const styles = { add: 'green', change: 'yellow', remove: 'red', warn: 'magenta', dim: 'dim', bold: 'bold' } as const

/** Prints in the way the options and the terminal ask for. */
export function createOutput({ stdin, stdout, stderr, env, json, quiet, verbose }: OutputOptions): Output {
  const isLive = stderr.isTTY === true && !json && !quiet && !isCI(env)
  let shown = false
  const clear = (): void => {
    if (shown) stderr.write('\r\u001B[K')
    shown = false
  }
  return {
    json,
    quiet,
    verbose,
    paint: (kind, text) => styleText(styles[kind], text, { stream: stdout }),
    line(text = '') {
      if (json || quiet) return
      clear()
      stdout.write(`${text}\n`)
    },
    problem(text) {
      if (json) return
      clear()
      stderr.write(`${text}\n`)
    },
    status(text) {
      if (!isLive) return
      clear()
      if (text === undefined) return
      stderr.write(text.slice(0, (stderr.columns ?? 80) - 1))
      shown = true
    },
    async confirm(question, signal) {
      if (stdin.isTTY !== true || stderr.isTTY !== true || json || isCI(env)) return undefined
      clear()
      const { createInterface } = await import('node:readline/promises')
      const lines = createInterface({ input: stdin, output: stderr })
      // The end of the input is a no.
      const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
      try {
        return /^y(es)?$/i.test((await Promise.race([lines.question(`${question} [y/N] `, { signal }), ended])).trim())
      } finally {
        lines.close()
      }
    },
    event(event) {
      if (json) stdout.write(`${JSON.stringify(event)}\n`)
    },
  }
}

/** Whether this runs where nobody watches, as a CI says. */
export function isCI(env: OutputOptions['env']): boolean {
  return !['', '0', 'false'].includes(env['CI'] ?? '')
}
