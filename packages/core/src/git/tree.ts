import type { Commit, Repository } from './repository.ts'
import { gitFailed, runGit } from './start-git.ts'

/** A file of a commit. */
type TreeFile = { kind: 'file' | 'link' | 'submodule'; id: string }

/** The files of a commit, by path relative to the project's folder with `/`. */
export type Tree = ReadonlyMap<string, TreeFile>

/** Most bytes of the list of a commit's files: about three million files. */
const MAX_LIST = 256 * 1024 * 1024

const kindByMode: Readonly<Record<string, TreeFile['kind']>> = {
  '100644': 'file',
  '100755': 'file',
  '120000': 'link',
  '160000': 'submodule',
}

/**
 * Lists the files of a commit below the project's folder.
 *
 * @throws LimnError `git/failed`
 */
export async function readTree(
  { folder }: Pick<Repository, 'folder'>,
  { id }: Commit,
  signal?: AbortSignal,
): Promise<Tree> {
  // In the folder, the list has the files below it, with paths relative to it.
  const { code, stdout, stderr } = await runGit(folder, ['ls-tree', '-r', '-z', id], {
    maxBytes: MAX_LIST,
    signal,
  })
  if (code !== 0) throw gitFailed(`git can't list the files of ${id}`, new Error(stderr))
  const files = new Map<string, TreeFile>()
  for (const row of stdout.toString('utf8').split('\0')) {
    const [, mode, object, path] = /^(\d{6}) \w+ ([0-9a-f]{40,64})\t([^]*)$/.exec(row) ?? []
    const kind = kindByMode[mode ?? '']
    if (kind !== undefined) files.set(path!.normalize('NFC'), { kind, id: object! })
  }
  return files
}
