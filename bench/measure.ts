import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One line of the table: a figure of Limn's beside a peer's, taken in the same run. */
export type Row = {
  what: string
  limn: number
  /** What it is held against, and its figure. */
  peer: string
  other: number
  unit: 'ms' | 'MB' | 'files/s'
  /** `limn` by `other`. */
  ratio: number
  /** What the ratio has to be; for a figure of its own, `other` is the bar. */
  bar: { atMost: number } | { atLeast: number } | null
}

/** How much is measured: `tiny` shows only that it runs, `full` takes an hour. */
export type Size = 'tiny' | 'normal' | 'full'

export type Measurement = {
  name: string
  run: (size: Size, note: (text: string) => void) => Promise<Row[]>
}

/** A row with its ratio. */
export function row(figures: Omit<Row, 'ratio'>): Row {
  return { ...figures, ratio: figures.limn / figures.other }
}

/** Whether a row keeps its bar; `undefined` where it has none. */
export function holds({ ratio, bar }: Row): boolean | undefined {
  if (bar === null) return undefined
  return 'atMost' in bar ? ratio <= bar.atMost : ratio >= bar.atLeast
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}

/**
 * Times pieces of work in turns, so that whatever else the machine does falls on all of them alike.
 * The first turn only warms up.
 *
 * @returns the median of each, ms
 */
export async function sideBySide<Name extends string>(
  turns: number,
  work: Readonly<Record<Name, () => Promise<unknown>>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(work) as Name[]
  const times = await inTurns(names, turns, (name) => timed(work[name]))
  return Object.fromEntries(names.map((name) => [name, median(times[name])])) as Record<
    Name,
    number
  >
}

/** What each gave, in turns; the first turn only warms up. */
export async function inTurns<Name extends string, T>(
  names: readonly Name[],
  turns: number,
  work: (name: Name) => Promise<T>,
): Promise<Record<Name, T[]>> {
  const given = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<Name, T[]>
  for (let turn = 0; turn <= turns; turn++) {
    for (const name of names) {
      const result = await work(name)
      if (turn > 0) given[name].push(result)
    }
  }
  return given
}

/** How long some work takes, ms. A piece of work may say so itself, where not all of it counts. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  const own = await work()
  return typeof own === 'number' ? own : performance.now() - started
}

/** Runs a program to its end. @returns its standard output @throws Error where it fails */
export function runProgram(
  program: string,
  args: readonly string[],
  {
    cwd,
    env = {},
    stdout = 'ignore',
  }: { cwd: string; env?: Readonly<Record<string, string>>; stdout?: 'ignore' | 'pipe' },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, CI: '', ...env },
      stdio: ['ignore', stdout, 'pipe'],
    })
    let [text, problems] = ['', '']
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    child.stderr!.setEncoding('utf8').on('data', (chunk: string) => (problems += chunk))
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0
        ? resolve(text)
        : reject(new Error(`${program} ${args.join(' ')} ended with ${code}:\n${problems}`)),
    )
  })
}

/** The command line as it is published: `pnpm build` makes it. */
export const limnBin: string = fileURLToPath(
  new URL('../packages/core/dist/cli/bin.js', import.meta.url),
)

export function runLimn(
  args: readonly string[],
  cwd: string,
  env?: Readonly<Record<string, string>>,
): Promise<string> {
  return runProgram(process.execPath, [limnBin, ...args], {
    cwd,
    ...(env === undefined ? {} : { env }),
  })
}

/** Runs a script of this folder in a process of its own. @returns what it prints, as JSON */
export async function runScript<T>(
  name: string,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<T> {
  const script = fileURLToPath(new URL(`scripts/${name}`, import.meta.url))
  const text = await runProgram(process.execPath, ['--no-warnings', script, ...args], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdout: 'pipe',
    ...(env === undefined ? {} : { env }),
  })
  return JSON.parse(text.trim().split('\n').at(-1)!) as T
}

/** Does some work in a folder that is gone afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'limn-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
