import { existsSync, type Stats, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { maxBytes, readTextInside } from '@limn/core/for-vite/start'

/** Interval between two checks of git's lock, ms. */
const GIT_INTERVAL_MS = 50
/** The longest wait for git, ms: git may leave a lock behind. */
const MAX_GIT_MS = 15_000
/** Interval between two checks of a file's size, ms. */
const CONTENT_INTERVAL_MS = 10
/** The most checks of a file's size. */
const MAX_CONTENT_CHECKS = 30

/**
 * Waits while git writes files, for at most 15 s: during a checkout the manifest may come from one
 * branch and the lockfile from another, and masters that seem missing are about to be written.
 */
export async function waitForGit(root: string, signal: AbortSignal): Promise<void> {
  const folder = findGitFolder(root)
  if (folder === undefined) return
  const lock = join(folder, 'index.lock')
  for (
    let waited = 0;
    waited < MAX_GIT_MS && existsSync(lock) && !signal.aborted;
    waited += GIT_INTERVAL_MS
  ) {
    await wait(GIT_INTERVAL_MS)
  }
}

/**
 * Waits until a file has content, for at most 300 ms: many programs empty a file before they write
 * it, and the watcher may report only the first of the two.
 */
export async function waitForContent(file: string): Promise<void> {
  for (let checks = 0; checks < MAX_CONTENT_CHECKS && statOf(file)?.size === 0; checks++) {
    await wait(CONTENT_INTERVAL_MS)
  }
}

/** Finds the git folder of the work tree that contains a folder. */
function findGitFolder(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, '.git')
    const found = statOf(path)
    if (found?.isDirectory()) return path
    // A linked work tree or a submodule has a file that names the git folder.
    if (found?.isFile()) return resolve(folder, readGitFolder(folder, path))
    if (folder === dirname(folder)) return undefined
  }
}

/** Stats a file; `undefined` if it is missing, or a link to itself. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

/** Reads the git folder that a file names; empty if it can't be read. */
function readGitFolder(folder: string, path: string): string {
  try {
    return /^gitdir: (.+)$/m.exec(readTextInside(folder, path, maxBytes.text))?.[1]?.trim() ?? ''
  } catch {
    return ''
  }
}
