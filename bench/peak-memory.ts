import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { limnBin, runProgram } from './measure.ts'

/** Runs a command of Limn. @returns its peak memory, MB */
export async function measurePeak(
  args: readonly string[],
  root: string,
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const report = join(root, 'memory.json')
  const reporter = new URL('scripts/report-memory.ts', import.meta.url)
  await runProgram(process.execPath, ['--no-warnings', `--import=${reporter}`, limnBin, ...args], {
    cwd: root,
    env: { ...env, MEMORY_FILE: report },
  })
  return (JSON.parse(readFileSync(report, 'utf8')) as { mb: number }).mb
}
