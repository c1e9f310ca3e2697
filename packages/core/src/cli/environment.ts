import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { joinEnvironments } from '../providers/environment.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The variables that Limn reads: those of the process, and beside them OPENAI_… and LIMN_…
 * of `.env` and `.env.local` in these folders. The process's own win, then the last file.
 *
 * @see joinEnvironments for the `warning`
 */
export function readEnvironment(folders: readonly string[], env: Environment): { env: Environment; warning?: string } {
  const fromFiles: Record<string, string | undefined> = {}
  for (const path of folders.flatMap((folder) => [join(folder, '.env'), join(folder, '.env.local')])) {
    try {
      Object.assign(fromFiles, parseEnv(readFileSync(path, 'utf8')))
    } catch {
      // There need not be one.
    }
  }
  return joinEnvironments(Object.fromEntries(Object.entries(fromFiles).filter(([key]) => /^(OPENAI|LIMN)_/.test(key))), env)
}
