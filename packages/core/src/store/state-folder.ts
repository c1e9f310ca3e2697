import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { resolveInside } from '../disk/resolve-inside.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'

/**
 * Makes `.limn/` with a `.gitignore` of its own, so that nothing in it is ever committed.
 *
 * @throws LimnError `store/outside` where it is a link that leads out of the project,
 *   `store/read-only` and the like
 */
export async function ensureStateFolder(state: string): Promise<void> {
  const file = resolveInside(dirname(state), join(state, '.gitignore'))
  if (!existsSync(file)) {
    await writeFileAtomic(
      file,
      "# Limn's journal, replaced pictures and run history: local to this machine.\n*\n",
    )
  }
}
