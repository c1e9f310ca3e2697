import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileAtomic } from './atomic.ts'

/** Makes `.limn/` with a `.gitignore` of its own, so that nothing in it is ever committed. */
export async function ensureStateFolder(state: string): Promise<void> {
  const file = join(state, '.gitignore')
  if (!existsSync(file)) await writeFileAtomic(file, "# Limn's journal, replaced pictures and run history: local to this machine.\n*\n")
}
