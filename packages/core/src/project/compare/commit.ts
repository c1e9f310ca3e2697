import { basename } from 'node:path'
import { decodeText } from '../../disk/decode-text.ts'
import { maxBytes } from '../../disk/read-inside.ts'
import { LimnError } from '../../errors.ts'
import { readCommitted } from '../../git/read-file.ts'
import type { Commit, Repository } from '../../git/repository.ts'
import { readTree, type Tree } from '../../git/tree.ts'
import { parseLockText } from '../../lock/file.ts'
import { emptyLock, type Lock } from '../../lock/lock.ts'
import { readData } from '../../manifest/data/find-data.ts'
import { openCommittedFiles } from '../../manifest/files-of-commit.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import { readIncluded } from '../../manifest/read-included.ts'
import { readWhole } from '../../manifest/read-whole.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import type { Side } from './side.ts'

type CommitOptions = {
  repository: Repository
  commit: Commit
  /** What messages call the commit. */
  label: string
  paths: ProjectPaths
  signal?: AbortSignal | undefined
}

/**
 * Reads a commit as a side of a comparison.
 *
 * @throws LimnError `lock/invalid`, `lock/newer`, `git/failed`
 */
export async function readCommit({
  repository,
  commit,
  label,
  paths,
  signal,
}: CommitOptions): Promise<Side> {
  const tree = await readTree(repository, commit, signal)
  const { manifest, notes } = await readManifestOf(repository, { tree, label, paths })
  return {
    label,
    manifest,
    lock: await readLockOf(repository, { tree, label, paths }),
    stepByAsset: new Map(),
    planUsd: null,
    notes,
    read: (path) => readCommitted(repository, { tree, path, limit: maxBytes.picture }),
    identify(path) {
      const file = tree.get(path)
      return file?.kind === 'file' ? { blob: file.id } : undefined
    },
  }
}

type TreeOptions = { tree: Tree; label: string; paths: ProjectPaths }

/**
 * Reads the lockfile of a commit; an empty one if it has none.
 *
 * @throws LimnError `lock/invalid`, `lock/newer`
 */
export async function readLockOf(
  repository: Repository,
  { tree, label, paths: { lock, masters } }: TreeOptions,
): Promise<Lock> {
  const path = basename(lock)
  const content = await readCommitted(repository, { tree, path, limit: maxBytes.data })
  if (content.state === 'absent') return emptyLock
  const shownPath = `${path} of ${label}`
  if (content.state === 'read') return parseLockText(decodeText(content.bytes), shownPath, masters)
  throw new LimnError('lock/invalid', `${shownPath} can't be read from git.`, {
    hint:
      content.state === 'pointer'
        ? 'Run `git lfs pull`, and store the lockfile in git itself.'
        : 'Fetch the whole history with `git fetch --refetch --no-filter`.',
  })
}

/** Reads the manifest of a commit, and says why it is not read. */
async function readManifestOf(
  repository: Repository,
  { tree, label, paths: { shownManifest } }: TreeOptions,
): Promise<{ manifest: Manifest | undefined; notes: string[] }> {
  const files = openCommittedFiles(repository, tree)
  if (!files.has(shownManifest)) return { manifest: undefined, notes: [] }
  const fallback = 'its prompts come from its lockfile, and its alt texts are unknown'
  try {
    const { manifest, diagnostics } = await readWhole(
      await files.readText(shownManifest),
      undefined,
      {
        findIncluded: (entries) => readIncluded({ files, manifest: shownManifest, entries }),
        findData: (patterns) => readData({ files, manifest: shownManifest, patterns }),
        shownPath: shownManifest,
      },
    )
    if (manifest !== undefined) return { manifest, notes: [] }
    const first = diagnostics.find(({ severity }) => severity === 'error')?.message ?? ''
    const notes = [`The manifest of ${label} has a mistake (${first}), so ${fallback}.`]
    return { manifest, notes }
  } catch (error) {
    if (!(error instanceof LimnError) || error.code.startsWith('git/')) throw error
    const notes = [`The manifest of ${label} can't be read (${error.message}), so ${fallback}.`]
    return { manifest: undefined, notes }
  }
}
