import { PassThrough } from 'node:stream'
import { runSteps } from '../../../../fixtures/hostile-repo/run-steps.ts'
import { sandboxAt } from '../../../../fixtures/hostile-repo/sandbox.ts'
import { takeFastPath } from '../../src/cli/fast-path.ts'
import { main } from '../../src/cli/main.ts'
import { argumentsByCommand } from './hostile-arguments.ts'

/*
 * Runs every command in a clone with a trap: `node hostile-commands.ts FOLDER URL TRAP`. All of them
 * in one process, as `cli/bin.ts` would.
 */

const [folder, url, trap] = process.argv.slice(2) as [string, string, string]
const sandbox = sandboxAt(folder, url)

/** Each command that writes waits 15 s for the owner of that lock. */
const few = ['plan', 'check', 'generate --yes']

await runSteps(
  sandbox,
  trap,
  Object.values(argumentsByCommand)
    .flat()
    .filter((args) => !trap.includes('writer lock of the future') || few.includes(args.join(' ')))
    .map((args) => ({ name: args.join(' '), run: () => run(args) })),
)

async function run(args: readonly string[]): Promise<string> {
  let text = ''
  const stream = (): PassThrough =>
    new PassThrough().on('data', (chunk: Buffer) => (text += chunk.toString()))
  const quick = await takeFastPath(args, sandbox.repo)
  if (quick !== undefined) return quick
  const host = {
    stdin: new PassThrough(),
    stdout: stream(),
    stderr: stream(),
    env: process.env,
    argv: ['node', 'limn'],
    cwd: () => sandbox.repo,
    on: (_: string, interrupt: () => void) => {
      if (args[0] === 'watch') setTimeout(interrupt, 800)
    },
    off: () => {},
    exit: () => {},
  }
  await main(args, host as unknown as Parameters<typeof main>[1])
  return text
}
