import { callCli } from '../call-cli.ts'

/*
 * Runs commands one after another in the current folder, in one process that a test can end if one
 * of them hangs: `node run-commands.ts '[["plan"],["check"]]'`. Prints the result of each as a line.
 */

for (const args of JSON.parse(process.argv[2]!) as string[][]) {
  const result = await callCli(args, { cwd: process.cwd(), env: process.env })
  process.stdout.write(`${JSON.stringify({ args, ...result })}\n`)
}
process.exit(0)
