#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

const STDOUT = 1

const argv = process.argv.slice(2)
if (!(await answerAtOnce())) {
  enableCompileCache()
  const { main } = await import('./main.ts')
  process.exitCode = await main(argv, process)
}

/**
 * The help, without the parser and the streams that everything else goes through: with them
 * it takes half as long again. @returns whether that was all that is wanted
 */
async function answerAtOnce(): Promise<boolean> {
  if (argv.length !== 1 || !['--help', '-h', 'help'].includes(argv[0]!)) return false
  const [{ overview }, { limnVersion }, { fs }] = await Promise.all([import('./help.ts'), import('../version.ts'), import('../builtins.ts')])
  try {
    fs.writeFileSync(STDOUT, overview(limnVersion()))
    return true
  } catch {
    // A reader that is slow, or gone: the streams know what to do.
    return false
  }
}
