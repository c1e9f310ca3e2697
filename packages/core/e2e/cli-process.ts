import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { User } from './unprivileged-user.ts'

const bin = fileURLToPath(new URL('../src/cli/bin.ts', import.meta.url))

export type CliResult = { code: number | null; stdout: string; stderr: string }

/** A running command. */
export type CliProcess = {
  readonly stdout: string
  readonly stderr: string
  /**
   * Waits until standard output and error together match a pattern `times` times (default: once).
   * Rejects if the command ends before.
   */
  printed(pattern: RegExp, times?: number): Promise<void>
  kill(signal: NodeJS.Signals): void
  done: Promise<CliResult>
}

/**
 * Starts `limn` in a folder.
 *
 * @param options.env its whole environment
 * @param options.wrapper a program and its arguments that run the command
 * @param options.onReport receives what the wrapper writes to file descriptor 3
 */
export function startCli(
  args: readonly string[],
  {
    cwd,
    env,
    user,
    wrapper = [],
    onReport,
  }: {
    cwd: string
    env: NodeJS.ProcessEnv
    user?: User | undefined
    wrapper?: readonly string[] | undefined
    onReport?: ((chunk: string) => void) | undefined
  },
): CliProcess {
  const [program, ...rest] = [...wrapper, process.execPath, bin, ...args]
  const child = spawn(program!, rest, {
    ...user,
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe', onReport === undefined ? 'ignore' : 'pipe'],
  })
  if (onReport !== undefined) (child.stdio[3] as Readable).setEncoding('utf8').on('data', onReport)
  let stdout = ''
  let stderr = ''
  let isClosed = false
  const listeners = new Set<() => void>()
  const notify = (): void => {
    for (const listener of listeners) listener()
  }
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk
    notify()
  })
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk
    notify()
  })
  const done = new Promise<CliResult>((resolve) => {
    child.on('close', (code) => {
      isClosed = true
      resolve({ code, stdout, stderr })
      notify()
    })
  })
  return {
    get stdout() {
      return stdout
    },
    get stderr() {
      return stderr
    },
    printed: (pattern, times = 1) =>
      new Promise((resolve, reject) => {
        const every = new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`)
        const check = (): void => {
          if ([...`${stdout}\n${stderr}`.matchAll(every)].length >= times) {
            listeners.delete(check)
            resolve()
          } else if (isClosed) {
            reject(new Error(`The command ended before ${pattern} appeared:\n${stdout}\n${stderr}`))
          }
        }
        listeners.add(check)
        check()
      }),
    kill: (signal) => child.kill(signal),
    done,
  }
}
