import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One row of the table: Limn's value and that of a baseline, measured in the same run. */
export type Row = {
  what: string
  limn: number
  /** Name of the baseline. */
  peer: string
  /** Value of the baseline. */
  other: number
  unit: 'ms' | 'MB' | 'files/s'
  /** `limn` divided by `other`. */
  ratio: number
  /** Target of the ratio; `null` if there is none. An absolute target is the baseline itself. */
  bar: { atMost: number } | { atLeast: number } | null
}

/** How much to measure: `tiny` only shows that the benchmark works, `full` takes an hour. */
export type Size = 'tiny' | 'normal' | 'full'

export type Measurement = {
  name: string
  /** @param onProgress called with a description of the next step */
  run: (size: Size, onProgress: (text: string) => void) => Promise<Row[]>
}

/** Creates a row with its ratio. */
export function row(values: Omit<Row, 'ratio'>): Row {
  return { ...values, ratio: values.limn / values.other }
}

/** Returns whether a row meets its target; `undefined` if it has none. */
export function holds({ ratio, bar }: Row): boolean | undefined {
  if (bar === null) return undefined
  return 'atMost' in bar ? ratio <= bar.atMost : ratio >= bar.atLeast
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}

/**
 * Times several tasks in alternating runs, so that other load on the machine affects all of them
 * alike. Ignores the first run of each, which warms up.
 *
 * @returns the median time of each task, ms
 */
export async function timeAlternating<Name extends string>(
  runs: number,
  tasks: Readonly<Record<Name, () => Promise<unknown>>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(tasks) as Name[]
  const times = await runAlternating(names, runs, (name) => timed(tasks[name]))
  return Object.fromEntries(names.map((name) => [name, median(times[name])])) as Record<
    Name,
    number
  >
}

/** Runs a task for each name in alternating runs. Drops the results of the first, which warms up. */
export async function runAlternating<Name extends string, T>(
  names: readonly Name[],
  runs: number,
  task: (name: Name) => Promise<T>,
): Promise<Record<Name, T[]>> {
  const results = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<Name, T[]>
  for (let run = 0; run <= runs; run++) {
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
