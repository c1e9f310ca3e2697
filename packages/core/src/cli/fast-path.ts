import { join } from 'node:path'
import { fs } from '../disk/node-builtins.ts'
import { limnVersion } from '../version.ts'

/**
 * Says what can be said without the parser and the streams that everything else goes through: the
 * help, the version, and that nothing is to be done. With them these take half as long again.
 *
 * @returns `undefined` where it takes all of the command line to answer
 */
export async function answerAtOnce(
  [what, ...more]: readonly string[],
  cwd: string,
): Promise<string | undefined> {
  if (more.length > 0) return undefined
  if (what === '--help' || what === '-h' || what === 'help') {
    return (await import('./help.ts')).overview(limnVersion())
  }
  if (what === '--version') return `${limnVersion()}\n`
  // Of what these files say there may be something to tell.
  if (what !== 'plan' || ['.env', '.env.local'].some((file) => fs.existsSync(join(cwd, file)))) {
    return undefined
  }
  const [{ recallNothing }, { formatEmptyPlan }] = await Promise.all([
    import('../project/plan-cache/plan-cache.ts'),
    import('../plan/steps.ts'),
  ])
  const plan = await recallNothing({ cwd })
  return plan === undefined ? undefined : `${formatEmptyPlan(plan)}\n`
}
