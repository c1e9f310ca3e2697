import { runSteps } from '../../../../fixtures/hostile-repo/run-steps.ts'
import { sandboxAt } from '../../../../fixtures/hostile-repo/sandbox.ts'
import { callCli } from '../call-cli.ts'
import { argumentsByCommand } from './hostile-arguments.ts'
import { readWholeSheet } from './read-sheet.ts'

/*
 * Runs every command in a clone with a trap: `node hostile-commands.ts FOLDER URL TRAP [FORM]`. All
 * of them in one process, as `cli/bin.ts` would: in all their forms, or each in the one whose turn
 * it is.
 */

const [folder, url, trap, form] = process.argv.slice(2) as [string, string, string, string?]
const sandbox = sandboxAt(folder, url)

/** Commands that run until they are interrupted. */
const readyByEndless: Readonly<Record<string, RegExp>> = {
  watch: /^Watching/m,
  ui: /http:/,
  // Both say nothing: the worker finds no queue, and nobody asks the server for agents.
  worker: /^$/,
  mcp: /^$/,
}
/** Each command that writes waits 15 s for the owner of that lock. */
const few = ['plan', 'check', 'generate --yes']

await runSteps(sandbox, trap, [
  ...Object.values(argumentsByCommand)
    .flatMap((forms) => (form === undefined ? forms : [forms[Number(form) % forms.length]!]))
    .filter((args) => !trap.includes('writer lock of the future') || few.includes(args.join(' ')))
    .map((args) => ({ name: args.join(' '), run: () => run(args) })),
  { name: 'the contact sheet', run: () => readWholeSheet(sandbox.repo) },
])

async function run(args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await callCli(args, {
    cwd: sandbox.repo,
    env: process.env,
    interruptOn: readyByEndless[args[0]!],
  })
  return stdout + stderr
}
