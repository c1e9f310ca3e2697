import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One row of the table: Limn's value and that of a baseline, measured in the same run. */
export type Row = {
  what: string
  /** The median, if Limn was measured several times. */
  limn: number
  /** Name of the baseline. */
  peer: string
  /** Value of the baseline, like `limn`. */
  other: number
  /** How far the values were apart; `null` for a value that was measured once, or not at all. */
  spread: { limn: Spread | null; other: Spread | null }
  unit: 'ms' | 'MB' | 'files/s'
  /** `limn` divided by `other`. */
  ratio: number
  /** Target of the ratio; `null` if there is none. An absolute target is the baseline itself. */
  bar: { atMost: number } | { atLeast: number } | null
}

/** The quartiles of repeated measurements: half of the values are between them. */
export type Spread = [low: number, high: number]

/** How much to measure: `tiny` only shows that the benchmark works, `full` takes an hour. */
export type Size = 'tiny' | 'normal' | 'full'

export type Measurement = {
  name: string
  /** @param onProgress called with a description of the next step */
  run: (size: Size, onProgress: (text: string) => void) => Promise<Row[]>
}

/** A value, or those of repeated measurements. */
export type Values = number | readonly number[]

type RowValues = Omit<Row, 'limn' | 'other' | 'ratio' | 'spread'> & { limn: Values; other: Values }

/** Creates a row with its medians, their spread and their ratio. */
export function row({ limn, other, ...values }: RowValues): Row {
  const medians = { limn: median([limn].flat()), other: median([other].flat()) }
  return {
    ...values,
    ...medians,
    spread: { limn: spreadOf(limn), other: spreadOf(other) },
    ratio: medians.limn / medians.other,
  }
}

function spreadOf(values: Values): Spread | null {
  if (typeof values === 'number' || values.length < 2) return null
  return [quantile(values, 0.25), quantile(values, 0.75)]
}

/** Returns whether a row meets its target; `undefined` if it has none. */
export function holds({ ratio, bar }: Row): boolean | undefined {
  if (bar === null) return undefined
  return 'atMost' in bar ? ratio <= bar.atMost : ratio >= bar.atLeast
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** Returns the value below which a share of the values is. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}

/**
 * Times several tasks in alternating runs, so that other load on the machine affects all of them
 * alike. Ignores a first run of each, which warms up, unless there is only one.
 *
 * @returns the times of each task, ms
 */
export async function timeAlternating<Name extends string>(
  runs: number,
  tasks: Readonly<Record<Name, () => Promise<unknown>>>,
): Promise<Record<Name, number[]>> {
  return runAlternating(Object.keys(tasks) as Name[], runs, (name) => timed(tasks[name]))
}

/**
 * Runs a task for each name in alternating runs. Drops the results of a first run, which warms up;
 * there is none if `runs` is 1, whose times mean nothing.
 */
export async function runAlternating<Name extends string, T>(
  names: readonly Name[],
  runs: number,
  task: (name: Name) => Promise<T>,
): Promise<Record<Name, T[]>> {
  const results = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<Name, T[]>
  for (let run = runs === 1 ? 1 : 0; run <= runs; run++) {
    for (const name of names) {
      const result = await task(name)
      if (run > 0) results[name].push(result)
    }
  }
  return results
}

/** Times a task, ms. A task that returns a number has measured its own time. */
export async function timed(task: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  const own = await task()
  return typeof own === 'number' ? own : performance.now() - started
}

/** Runs a program to its end. @returns its standard output @throws Error if it fails */
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
    let [text, errors] = ['', '']
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    child.stderr!.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk))
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0
        ? resolve(text)
        : reject(new Error(`${program} ${args.join(' ')} exited with ${code}:\n${errors}`)),
    )
  })
}

/** The compiled command line, as it is published. */
export const limnBin: string = fileURLToPath(
  new URL('../packages/core/dist/cli/bin.js', import.meta.url),
)

export function runLimn(args: readonly string[], cwd: string): Promise<string> {
  return runProgram(process.execPath, [limnBin, ...args], { cwd })
}

/** Runs a script of `scripts/` in its own process. @returns the last line that it prints, as JSON */
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

/** Runs a task in a temporary folder, and removes the folder. */
export async function inTemporaryFolder<T>(task: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'limn-bench-'))
  try {
    return await task(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
