import { join } from 'node:path'
import { limnVersion } from '../version.ts'

/**
 * Answers what needs neither argument parser nor streams: the help, the version, what a shell
 * completes, and a plan with nothing to do. Loading them would take half as long again.
 *
 * @param columns returns the width of the terminal; `undefined` if there is none
 * @returns `undefined` if the whole command line is needed
 */
export async function takeFastPath(
  [command, ...others]: readonly string[],
  cwd: string,
  columns: () => number | undefined = () => undefined,
): Promise<string | undefined> {
  if (command === '__complete') return (await import('./complete.ts')).complete(others, cwd)
  if (others.length > 0) return undefined
  if (command === '--help' || command === '-h' || command === 'help') {
    return (await import('./help.ts')).formatOverview(limnVersion(), columns())
  }
  if (command === '--version') return `${limnVersion()}\n`
  // A `.env` file may need a warning.
  if (command !== 'plan' || hasEnvFile(cwd)) return undefined
  const { reportNothingToDo } = await import('../project/plan-cache/plan-cache.ts')
  const line = await reportNothingToDo(cwd)
  return line === undefined ? undefined : `${line}\n`
}

function hasEnvFile(folder: string): boolean {
  // An `import` of node:fs would also load its promises.
  const fs = process.getBuiltinModule('node:fs')
  return ['.env', '.env.local'].some((file) => fs.existsSync(join(folder, file)))
}
