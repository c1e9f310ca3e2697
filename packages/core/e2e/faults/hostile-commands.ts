import { runSteps } from '../../../../fixtures/hostile-repo/run-steps.ts'
import { sandboxAt } from '../../../../fixtures/hostile-repo/sandbox.ts'
import { callCli } from '../call-cli.ts'
import { argumentsByCommand } from './hostile-arguments.ts'
import { readWholeSheet } from './read-sheet.ts'

/*
 * Runs every command in a clone with a trap: `node hostile-commands.ts FOLDER URL TRAP`. All of them
 * in one process, as `cli/bin.ts` would.
 */

const [folder, url, trap] = process.argv.slice(2) as [string, string, string]
const sandbox = sandboxAt(folder, url)

/** Commands that run until they are interrupted. */
const endless = ['watch', 'ui']
/** Each command that writes waits 15 s for the owner of that lock. */
const few = ['plan', 'check', 'generate --yes']

await runSteps(sandbox, trap, [
  ...Object.values(argumentsByCommand)
    .flat()
    .filter((args) => !trap.includes('writer lock of the future') || few.includes(args.join(' ')))
    .map((args) => ({ name: args.join(' '), run: () => run(args) })),
  { name: 'the contact sheet', run: () => readWholeSheet(sandbox.repo) },
])

async function run(args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await callCli(args, {
    cwd: sandbox.repo,
    env: process.env,
    ...(endless.includes(args[0]!) ? { interruptAfter: 800 } : {}),
  })
  return stdout + stderr
}
