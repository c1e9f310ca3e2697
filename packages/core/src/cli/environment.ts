import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

/**
 * The variables that Limn reads: those of the process, and beside them OPENAI_… and LIMN_…
 * of `.env.local` and `.env` in the project's folder. The process's own win.
 */
export function readEnvironment(folder: string, env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  const fromFiles: Record<string, string | undefined> = {}
  for (const name of ['.env', '.env.local']) {
    try {
      Object.assign(fromFiles, parseEnv(readFileSync(join(folder, name), 'utf8')))
    } catch {
      // There need not be one.
    }
  }
  const ours = Object.entries(fromFiles).filter(([key]) => /^(OPENAI|LIMN)_/.test(key))
  return { ...Object.fromEntries(ours), ...env }
}
