import { PassThrough } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { takeFastPath } from '../src/cli/fast-path.ts'
import { main } from '../src/cli/main.ts'
import type { CliResult } from './cli-process.ts'

/** When a command is interrupted that has not printed what a test waits for, ms. */
const INTERRUPT_AT = 800

/**
 * Runs a command in this process, as `cli/bin.ts` would: for tests of what a command does to files,
 * many times faster than a process of its own. A command that hangs hangs the test.
 *
 * @param options.env its whole environment
 * @param options.interruptOn what it prints before it gets a SIGINT; it gets one after
 *   `INTERRUPT_AT` ms in any case. Default: it gets none
 */
export async function callCli(
  args: readonly string[],
  {
    cwd,
    env,
    interruptOn,
  }: { cwd: string; env: NodeJS.ProcessEnv; interruptOn?: RegExp | undefined },
): Promise<CliResult> {
  const quick = await takeFastPath(args, cwd)
  if (quick !== undefined) return { code: 0, stdout: quick, stderr: '' }
  const texts = { stdout: '', stderr: '' }
  let ready = (): void => {}
  const isReady = new Promise<void>((resolve) => (ready = resolve))
  const collect = (name: 'stdout' | 'stderr'): PassThrough =>
    new PassThrough().on('data', (chunk: Buffer) => {
      texts[name] += chunk.toString()
      if (interruptOn?.test(texts[name]) === true) ready()
    })
  const host = {
    stdin: new PassThrough(),
    stdout: collect('stdout'),
    stderr: collect('stderr'),
    env,
    argv: ['node', 'limn'],
    cwd: () => cwd,
    on: (_: string, interrupt: () => void) => {
      if (interruptOn === undefined) return
      // What it starts in the background gets a moment too.
      void Promise.race([isReady.then(() => wait(100)), wait(INTERRUPT_AT)]).then(interrupt)
    },
    off: () => {},
    exit: () => {},
  }
  const code = await main(args, host as unknown as Parameters<typeof main>[1])
  return { code, ...texts }
}
