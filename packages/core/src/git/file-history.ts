import { type FileContent, readCommitted } from './read-file.ts'
import type { Repository } from './repository.ts'
import { gitFailed, runGit } from './start-git.ts'

/** A version of a file in the history of a branch. */
export type FileVersion = {
  /** The commit that brought it, 40 or 64 hex digits. */
  commit: string
  /** When that commit was made, ISO 8601 in UTC. */
  at: string
  /** Path relative to the project's folder, with `/`. */
  path: string
  /** Name of the object with its content. */
  id: string
}

/** Most bytes of the list of versions, of some files and of a folder. */
const MAX_LIST = 4 * 1024 * 1024
const MAX_FOLDER_LIST = 128 * 1024 * 1024

/** `git log` is no plumbing command: these options switch off the programs that it could start. */
const LOG =
  '--literal-pathspecs -c core.quotePath=false -c log.showSignature=false -c log.showRoot=true log --raw --no-relative --no-abbrev --no-renames --no-ext-diff --no-textconv --no-color --no-show-signature --no-notes --no-decorate --no-mailmap --format=%x00%H_%ct'

/**
 * Lists the versions of some files in the commits of the current branch, the latest first, each
 * content once.
 *
 * @param paths relative to the project's folder, with `/`
 * @param options.commits most commits that are considered
 * @throws LimnError `git/not-found`, `git/failed`
 */
export async function readFileHistory(
  repository: Pick<Repository, 'folder' | 'prefix'>,
  paths: readonly string[],
  { commits }: { commits: number },
): Promise<FileVersion[]> {
  const versions = await readLog(repository, paths, { commits, maxBytes: MAX_LIST })
  return versions.filter(({ path }) => paths.includes(path))
}

/**
 * Lists the versions of all files of a folder by their paths, as `readFileHistory` does, with one
 * process.
 *
 * @param folder relative to the project's folder, with `/`
 * @throws LimnError `git/not-found`, `git/failed`
 */
export async function readFolderHistory(
  repository: Pick<Repository, 'folder' | 'prefix'>,
  folder: string,
  { commits }: { commits: number },
): Promise<Map<string, FileVersion[]>> {
  const options = { commits, maxBytes: MAX_FOLDER_LIST }
  const versionsByPath = new Map<string, FileVersion[]>()
  for (const version of await readLog(repository, [folder], options)) {
    const known = versionsByPath.get(version.path)
    if (known === undefined) versionsByPath.set(version.path, [version])
    else known.push(version)
  }
  return versionsByPath
}

/** Lists each content that a path had once, the latest first. */
async function readLog(
  { folder, prefix }: Pick<Repository, 'folder' | 'prefix'>,
  paths: readonly string[],
  { commits, maxBytes }: { commits: number; maxBytes: number },
): Promise<FileVersion[]> {
  const args = [...LOG.split(' '), `--max-count=${commits}`, 'HEAD', '--', ...paths]
  const { code, stdout, stderr } = await runGit(folder, args, { maxBytes })
  // Without a commit there is no history.
  if (code === 128 && /unknown revision|bad revision/.test(stderr)) return []
  if (code !== 0) throw gitFailed("git can't read the history", new Error(stderr))
  const known = new Set<string>()
  return stdout
    .toString('utf8')
    .split('\0')
    .flatMap((block) => parseCommit(block, prefix))
    .filter(({ id, path }) => {
      const isKnown = known.has(`${id} ${path}`)
      known.add(`${id} ${path}`)
      return !isKnown
    })
}

/** Parses what `git log --raw` prints of one commit: files that it removes have no version. */
function parseCommit(block: string, prefix: string): FileVersion[] {
  const [head = '', ...rows] = block.split('\n')
  const [, commit, seconds] = /^([0-9a-f]{40,64})_(\d{1,11})$/.exec(head) ?? []
  if (commit === undefined) return []
  const at = new Date(Number(seconds) * 1000).toISOString()
  return rows.flatMap((row) => {
    const [, id, path] = /^:\d{6} 100\d{3} [0-9a-f]+ ([0-9a-f]{40,64}) \w+\t(.*)$/.exec(row) ?? []
    return id === undefined || !path!.startsWith(prefix)
      ? []
      : [{ commit, at, path: path!.slice(prefix.length), id }]
  })
}

/**
 * Reads a version of a file as it is stored: no filter runs.
 *
 * @param limit largest file that is read, bytes
 * @throws LimnError `git/failed`
 */
export async function readVersion(
  repository: Repository,
  { path, id }: Pick<FileVersion, 'path' | 'id'>,
  limit: number,
): Promise<FileContent> {
  return readCommitted(repository, { tree: new Map([[path, { kind: 'file', id }]]), path, limit })
}
