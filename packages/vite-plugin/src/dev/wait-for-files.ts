import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** How often git is looked at, ms. */
const LOOK_MS = 50
/** The most that is waited, ms: a lock that git left behind must not stop everything. */
const MOST_MS = 15_000

/**
 * Waits while git writes files: in the middle of a checkout the manifest is that of one branch and
 * the lock that of another, and what seems to be missing is about to come.
 */
export async function whileGitWorks(root: string, signal: AbortSignal): Promise<void> {
  const folder = findGitFolder(root)
  if (folder === undefined) return
  const lock = join(folder, 'index.lock')
  for (let waited = 0; waited < MOST_MS && existsSync(lock) && !signal.aborted; waited += LOOK_MS) {
    await wait(LOOK_MS)
  }
}

/** Where git keeps its files for the work tree that a folder is in. */
function findGitFolder(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, '.git')
    const found = statSync(path, { throwIfNoEntry: false })
    if (found?.isDirectory()) return path
    // A second work tree, or a submodule, has a file that names the place.
    if (found?.isFile()) {
      return resolve(folder, /^gitdir: (.+)$/m.exec(readFileSync(path, 'utf8'))?.[1]?.trim() ?? '')
    }
    if (folder === dirname(folder)) return undefined
  }
}
