import { PassThrough } from 'node:stream'
import { main } from '../src/cli/main.ts'
import type { TestProject } from './test-project.ts'

/**
 * Runs the command line at a terminal, where a person types `typed` at the prompt, or one text at
 * each; `null` ends the input.
 */
export async function atTerminal(
  { root, env: ofProject }: Pick<TestProject, 'root' | 'env'>,
  args: readonly string[],
  typed: string | readonly string[] | null,
  env: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const answers = typeof typed === 'string' ? [typed] : [...(typed ?? [])]
  const texts = { stdout: '', stderr: '' }
  const stdin = Object.assign(new PassThrough(), { isTTY: true })
  const open = (name: 'stdout' | 'stderr'): PassThrough =>
    Object.assign(new PassThrough(), { isTTY: true, columns: 120 }).on('data', (chunk: Buffer) => {
      texts[name] += chunk.toString()
      if (name !== 'stderr' || !/\[y\/N\]|q = quit/.test(chunk.toString())) return
      const answer = answers.length > 1 ? answers.shift() : answers[0]
      if (answer === undefined) stdin.end()
      else stdin.write(`${answer}\n`)
    })
  const host = {
    stdin,
    stdout: open('stdout'),
    stderr: open('stderr'),
    env: { ...ofProject, ...env },
    argv: ['node', 'limn'],
    cwd: () => root,
    on: () => {},
    off: () => {},
    exit: () => {},
  }
  return { code: await main(args, host as unknown as Parameters<typeof main>[1]), ...texts }
}
