import { PassThrough } from 'node:stream'
import { takeFastPath } from '../src/cli/fast-path.ts'
import { main } from '../src/cli/main.ts'
import type { CliResult } from './cli-process.ts'

/**
 * Runs a command in this process, as `cli/bin.ts` would: for tests of what a command does to files,
 * many times faster than a process of its own. A command that hangs hangs the test.
 *
 * @param options.env its whole environment
 * @param options.interruptAfter when it gets a SIGINT, ms. Default: never
 */
export async function callCli(
  args: readonly string[],
  { cwd, env, interruptAfter }: { cwd: string; env: NodeJS.ProcessEnv; interruptAfter?: number },
): Promise<CliResult> {
  const quick = await takeFastPath(args, cwd)
  if (quick !== undefined) return { code: 0, stdout: quick, stderr: '' }
  const texts = { stdout: '', stderr: '' }
  const collect = (name: 'stdout' | 'stderr'): PassThrough =>
    new PassThrough().on('data', (chunk: Buffer) => (texts[name] += chunk.toString()))
  const host = {
    stdin: new PassThrough(),
    stdout: collect('stdout'),
    stderr: collect('stderr'),
    env,
    argv: ['node', 'limn'],
    cwd: () => cwd,
    on: (_: string, interrupt: () => void) => {
      if (interruptAfter !== undefined) setTimeout(interrupt, interruptAfter)
    },
    off: () => {},
    exit: () => {},
  }
  const code = await main(args, host as unknown as Parameters<typeof main>[1])
  return { code, ...texts }
}
