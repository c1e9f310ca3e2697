import { LimnError } from '../errors.ts'
import { requireNoLinkToFile } from './repository.ts'
import { runGit } from './start-git.ts'

/** Most bytes of the list that git prints. */
const MAX_LIST = 50_000_000

/**
 * Lists what git ignores below a folder: files and whole folders, relative to it, with `/`. Empty
 * without git or outside a repository.
 */
export async function listIgnored(
  folder: string,
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const args = ['ls-files', '--others', '--ignored', '--exclude-standard', '--directory', '-z']
  try {
    requireNoLinkToFile(folder)
    const { code, stdout } = await runGit(folder, args, { maxBytes: MAX_LIST, signal })
    if (code !== 0) return new Set()
    const paths = stdout.toString().split('\0')
    return new Set(paths.filter((path) => path !== '').map((path) => path.replace(/\/$/, '')))
  } catch (error) {
    if (error instanceof LimnError && error.code.startsWith('git/')) return new Set()
    throw error
  }
}
