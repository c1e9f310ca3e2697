import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { join } from 'node:path'
import { process } from '../../disk/node-builtins.ts'

/** A program to run once. */
export type ProgramOrder = {
  /** Absolute path of the program. */
  program: string
  args: readonly string[]
  /** Working folder, absolute. */
  cwd: string
  /** The whole environment of the program. */
  env: Readonly<Record<string, string>>
  /** What the program reads from standard input. */
  input: string
  timeoutMs: number
  signal?: AbortSignal | undefined
  /** Returns whether the program has written too much. Called several times a second. */
  isTooLarge: () => boolean
}

/** How a program ended. */
export type ProgramEnd = {
  /** `undefined` if it could not be started; `failure` says why. */
  code: number | null | undefined
  /** The signal that ended it. */
  killedBy: string | null
  /** Why Limn stopped it. */
  stopped?: 'timeout' | 'aborted' | 'too-large'
  failure?: Error
  /** The last bytes of what it printed. */
  stderr: string
  stdout: string
}

/** Most bytes that are kept of what a program prints. */
const KEPT_OUTPUT = 8 * 1024
/** Time that a program has to end after SIGTERM, ms. */
const GRACE_MS = 2000
/** Time between two checks of the size of what it writes, ms. */
const CHECK_MS = 200
/** Time that the last output may take to arrive after the program has ended, ms. */
const DRAIN_MS = 200

const isWindows = process.platform === 'win32'

/** The processes that lead a group and are still running. */
const running = new Set<number>()

/**
 * Runs a program to its end, without a shell and in a process group of its own. When it ends, for
 * whatever reason, everything in its group is killed: nothing of it goes on.
 */
export async function runProgram(order: ProgramOrder): Promise<ProgramEnd> {
  const { signal, timeoutMs, isTooLarge, input } = order
  if (signal?.aborted === true) return { ...notStarted(), stopped: 'aborted' }
  const child = start(order)
  if (child instanceof Error) return { ...notStarted(), failure: child }
  const output = keepOutput(child)
  child.stdin.on('error', () => {}).end(input)
  let stopped: ProgramEnd['stopped']
  const timers: NodeJS.Timeout[] = []
  const stop = (reason: NonNullable<ProgramEnd['stopped']>): void => {
    if (stopped !== undefined) return
    stopped = reason
    killGroup(child, reason === 'too-large' ? 'SIGKILL' : 'SIGTERM')
    timers.push(setTimeout(() => killGroup(child, 'SIGKILL'), GRACE_MS))
  }
  const onAbort = (): void => stop('aborted')
  signal?.addEventListener('abort', onAbort)
  timers.push(
    setTimeout(() => stop('timeout'), timeoutMs),
    setInterval(() => isTooLarge() && stop('too-large'), CHECK_MS),
  )
  try {
    const end = await endOf(child)
    return { ...end, ...output(), ...(stopped === undefined ? {} : { stopped }) }
  } finally {
    for (const timer of timers) clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

function notStarted(): ProgramEnd {
  return { code: undefined, killedBy: null, stderr: '', stdout: '' }
}

function start({ program, args, cwd, env }: ProgramOrder): ChildProcessWithoutNullStreams | Error {
  try {
    // A group of its own also keeps Ctrl+C in the terminal away: Limn decides when it ends.
    const options = { cwd, env, detached: !isWindows, windowsHide: true, shell: false }
    const child = spawn(program, args, options)
    if (child.pid !== undefined) follow(child.pid)
    return child
  } catch (error) {
    return error as Error
  }
}

/** Kills what is still running when this process ends. */
function follow(pid: number): void {
  if (running.size === 0) process.once('exit', killAll)
  running.add(pid)
}

function unfollow(pid: number): void {
  running.delete(pid)
  if (running.size === 0) process.off('exit', killAll)
}

function killAll(): void {
  for (const pid of running) signalGroup(pid, 'SIGKILL')
}

/** Waits until the program has ended, kills the rest of its group, and takes its last output. */
async function endOf(
  child: ChildProcessWithoutNullStreams,
): Promise<Pick<ProgramEnd, 'code' | 'killedBy' | 'failure'>> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const end = await new Promise<Pick<ProgramEnd, 'code' | 'killedBy' | 'failure'>>((resolve) => {
    child.once('error', (failure) => resolve({ code: undefined, killedBy: null, failure }))
    child.once('exit', (code, killedBy) => resolve({ code, killedBy }))
  })
  killGroup(child, 'SIGKILL')
  if (child.pid !== undefined) unfollow(child.pid)
  // A process that left the group may hold the streams open.
  if (end.failure === undefined) await Promise.race([closed, wait(DRAIN_MS)])
  for (const stream of child.stdio) stream?.destroy()
  return end
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}

/** Keeps the end of what a program prints. @returns a function that returns it */
function keepOutput({
  stdout,
  stderr,
}: ChildProcessWithoutNullStreams): () => Pick<ProgramEnd, 'stderr' | 'stdout'> {
  const kept = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) }
  const keep = (name: 'stdout' | 'stderr', chunk: Buffer): void => {
    const joined = Buffer.concat([kept[name], chunk])
    kept[name] = Buffer.from(joined.subarray(Math.max(0, joined.length - KEPT_OUTPUT)))
  }
  stdout.on('data', (chunk: Buffer) => keep('stdout', chunk)).on('error', () => {})
  stderr.on('data', (chunk: Buffer) => keep('stderr', chunk)).on('error', () => {})
  return () => ({ stdout: kept.stdout.toString('utf8'), stderr: kept.stderr.toString('utf8') })
}

function killGroup({ pid }: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  if (pid !== undefined) signalGroup(pid, signal)
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  if (isWindows) {
    const { SystemRoot: system = String.raw`C:\Windows` } = process.env
    const taskkill = join(system, 'System32', 'taskkill.exe')
    spawn(taskkill, ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).on(
      'error',
      () => {},
    )
    return
  }
  try {
    process.kill(-pid, signal)
  } catch {
    // The group has ended.
  }
}
