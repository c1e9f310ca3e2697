import { commandName, nameCommands } from '../command-name.ts'
import { type Diagnostic, formatAnnotation, formatNotice } from '../diagnostic.ts'
import type { Paint } from '../project/plan-text.ts'
import { escapeUnprintable, replaceUnprintable, toOneLine } from '../safe-text.ts'
import type { Streams } from './streams.ts'
import { wrapLine } from './wrap.ts'

/**
 * What a command prints to: lines for people, or events for tools. The only place that writes to
 * the terminal: it replaces what is unprintable in any text, whatever the text's source, and prints
 * one line for each text, so that no value can look like a line of Limn's own.
 */
export type Output = {
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  /** The width of the terminal that `line` prints to, cells; `undefined` if it is none. */
  readonly columns: number | undefined
  /** Colours text for standard output, if it supports colours. */
  paint: Paint
  /** Names the commands in a text as the user runs them, as `line` does. */
  nameCommands(text: string): string
  /**
   * Prints a line of the result to standard output; nothing with `--quiet` or `--json`. Shows line
   * breaks in it as `↵`, and breaks it between words where it is wider than a terminal. An empty
   * line is printed only between other lines. A command such as `limn plan`, in backticks or
   * parentheses, is named as the user runs it.
   */
  line(text?: string): void
  /** Like `line`, for data: leaves the commands that it names as they are. */
  data(text: string): void
  /**
   * Prints a line about a problem to standard error, or one line for each text; nothing with
   * `--json`. Line breaks and empty lines as in `line`.
   */
  problem(text: string | readonly string[]): void
  /** Prints a diagnostic as an annotation of a GitHub workflow, where `line` would. */
  annotation(diagnostic: Diagnostic): void
  /** Prints a notice of a GitHub workflow, where `line` would. */
  notice(title: string, text: string): void
  /** Sets the status line at the bottom of a terminal; `undefined` removes it. */
  status(text: string | undefined): void
  /**
   * Prints a line about the progress to standard error, where there is no terminal for a status
   * line; nothing with `--quiet` or `--json`.
   */
  note(text: string): void
  /**
   * Asks a yes/no question on the terminal, after one line for each text before it.
   *
   * @returns `undefined` if there is no terminal
   */
  confirm(question: readonly string[], signal: AbortSignal): Promise<boolean | undefined>
  /**
   * Asks a question on the terminal, after one line for each text before it. The end of the input
   * counts as `q`.
   *
   * @returns the answer; `undefined` if there is no terminal
   */
  ask(question: readonly string[], signal: AbortSignal): Promise<string | undefined>
  /**
   * Prints an event as a line of JSON to standard output; nothing without `--json`. The first line
   * of a command also has the `version` of the output. `output.schema.json` is derived from the
   * types of the arguments.
   */
  event<const Event extends object>(event: Event): void
  /** Like `event`, for a document with a format of its own: adds no version. */
  document(document: object): void
}

type OutputOptions = Streams & {
  env: Readonly<Record<string, string | undefined>>
  /** Path of the program, as it was started. */
  script: string
  json: boolean
  quiet: boolean
  verbose: boolean
}

/** Prints lines to a stream. Blank lines are printed only between other lines. */
type LinePrinter = {
  print(stream: NodeJS.WriteStream, text: string): void
  /** Returns the blank line that is due before the next line, or ''. */
  takeGap(): string
}

/** The status line of a terminal. */
type StatusLine = { show(text: string): void; clear(): void }

const colours = {
  add: 'green',
  change: 'yellow',
  remove: 'red',
  warn: 'magenta',
  dim: 'dim',
  bold: 'bold',
} as const

/**
 * The version of what `--json` prints. Raise it if a property or an event is removed, renamed or
 * gets another meaning; new events and properties keep it.
 */
const JSON_VERSION = 1

/** Creates the output of a command. */
export function createOutput(options: OutputOptions): Output {
  const { stdin, stdout, stderr, env, script, json, quiet, verbose } = options
  const isLive = (): boolean => !json && !quiet && !isCI(env) && stderr().isTTY === true
  const status = createStatusLine(stderr)
  const cleaner = createCleaner(env)
  const nameOwn = createCommandNamer(env, script)
  const clean = (text: string): string => cleaner.clean(nameOwn(text))
  const out = createLinePrinter(status)
  let isVersionPrinted = false
  const document = (value: object): void => {
    if (json) stdout().write(`${escapeUnprintable(JSON.stringify(value))}\n`)
  }
  let ownErr: LinePrinter | undefined
  // A terminal shows both streams as one.
  const err = (): LinePrinter =>
    (ownErr ??=
      stdout().isTTY === true && stderr().isTTY === true ? out : createLinePrinter(status))
  const ask = async (
    question: readonly string[],
    end: string,
    signal: AbortSignal,
  ): Promise<string | undefined> => {
    const input = stdin()
    if (input.isTTY !== true || stderr().isTTY !== true || json || isCI(env)) return undefined
    status.clear()
    const asked = `${err().takeGap()}${question.map(clean).join('\n')}${end}`
    return askLine(asked, { input, output: stderr() }, signal)
  }
  return {
    json,
    quiet,
    verbose,
    get columns() {
      // A terminal without a size reports 0.
      return !json && stdout().isTTY === true ? stdout().columns || undefined : undefined
    },
    paint: createPaint(stdout, cleaner),
    nameCommands: nameOwn,
    line(text = '') {
      if (!json && !quiet) out.print(stdout(), fit(clean(text), stdout()))
    },
    data(text) {
      if (!json && !quiet) out.print(stdout(), cleaner.clean(text))
    },
    problem(text) {
      if (json) return
      for (const line of typeof text === 'string' ? [text] : text) {
        err().print(stderr(), fit(clean(line), stderr()))
      }
    },
    annotation(diagnostic) {
      if (!json && !quiet) out.print(stdout(), replaceUnprintable(formatAnnotation(diagnostic)))
    },
    notice(title, text) {
      if (!json && !quiet) out.print(stdout(), replaceUnprintable(formatNotice(title, text)))
    },
    status(text) {
      status.clear()
      if (text !== undefined && isLive()) {
        status.show(toOneLine(text).replaceAll('\t', ' '))
      }
    },
    note(text) {
      if (!json && !quiet && !isLive()) err().print(stderr(), clean(text))
    },
    async confirm(question, signal) {
      const answer = await ask(question, ' [y/N] ', signal)
      return answer === undefined ? undefined : /^y(es)?$/i.test(answer)
    },
    ask: (question, signal) => ask(question, ' ', signal),
    event(event) {
      document(isVersionPrinted ? event : { ...event, version: JSON_VERSION })
      isVersionPrinted = true
    },
    document,
  }
}

function createPaint(stdout: Streams['stdout'], cleaner: Cleaner): Paint {
  // An `import` of node:util would also load its workers.
  const { styleText } = process.getBuiltinModule('node:util')
  return (kind, text) => {
    const [start, end] = styleText(colours[kind], '|', { stream: stdout() }).split('|')
    return `${cleaner.own(start!)}${text}${cleaner.own(end!)}`
  }
}

/** Breaks a line between words if it is wider than the terminal. */
function fit(text: string, { isTTY, columns }: NodeJS.WriteStream): string {
  return isTTY && columns > 0 ? wrapLine(text, columns) : text
}

/** Returns whether the environment says that this is a CI. */
export function isCI(env: OutputOptions['env']): boolean {
  return !['', '0', 'false'].includes(env['CI'] ?? '')
}

/**
 * Creates a function that replaces `limn` in the commands that a text names by what the user runs:
 * `npx limn`, for example.
 */
function createCommandNamer(env: OutputOptions['env'], script: string): (text: string) => string {
  let command: string | undefined
  const name = (): string =>
    (command ??= commandName({
      env,
      script,
      exists: (path) => process.getBuiltinModule('node:fs').existsSync(path),
    }))
  return (text) => nameCommands(text, name)
}

/** Cleans a line, except for the colours that the output added itself. */
type Cleaner = {
  /** Marks the escape codes of a text as the output's own. */
  own(codes: string): string
  /** Makes one line of a text, replaces what is unprintable, and keeps what is marked. */
  clean(text: string): string
}

function createCleaner(env: OutputOptions['env']): Cleaner {
  // No text that is printed can contain a mark that it can't know.
  const mark = `\u001B${Math.random().toString(36).slice(2)}`
  const isWorkflow = env['GITHUB_ACTIONS'] === 'true'
  return {
    own: (codes) => codes.replaceAll('\u001B', mark),
    clean(text) {
      const clean = text.split(mark).map(toOneLine).join('\u001B')
      return isWorkflow ? disarmCommands(clean) : clean
    },
  }
}

/**
 * Inserts an invisible space into what a GitHub workflow would run as a command: `::name::` at the
 * start of a line, and `##[name]` anywhere.
 */
function disarmCommands(text: string): string {
  return text.replaceAll(/^(\s*:)(?=:)/gm, '$1\u200B').replaceAll('##[', '##\u200B[')
}

function createLinePrinter(status: StatusLine): LinePrinter {
  let hasPrinted = false
  let needsGap = false
  const takeGap = (): string => {
    const gap = needsGap ? '\n' : ''
    hasPrinted = true
    needsGap = false
    return gap
  }
  return {
    takeGap,
    print(stream, text) {
      if (text === '') {
        needsGap = hasPrinted
        return
      }
      status.clear()
      stream.write(`${takeGap()}${text}\n`)
    },
  }
}

function createStatusLine(stderr: Streams['stderr']): StatusLine {
  let isShown = false
  return {
    show(text) {
      stderr().write(text.slice(0, (stderr().columns || 80) - 1))
      isShown = true
    },
    clear() {
      if (isShown) stderr().write('\r\u001B[K')
      isShown = false
    },
  }
}

/** Asks a question. The end of the input counts as `q`. */
async function askLine(
  question: string,
  streams: { input: NodeJS.ReadStream; output: NodeJS.WriteStream },
  signal: AbortSignal,
): Promise<string> {
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface(streams)
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('q')))
  try {
    return (await Promise.race([lines.question(question, { signal }), ended])).trim()
  } finally {
    lines.close()
  }
}
