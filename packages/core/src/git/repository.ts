import { lstatSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { LimnError } from '../errors.ts'
import { type GitObjects, openObjects } from './objects.ts'
import { gitFailed, runGit } from './start-git.ts'

/** The repository of a project. */
export type Repository = {
  /** The project's folder, absolute. */
  folder: string
  /** Path of that folder below the top of the working tree: empty, or with `/` at its end. */
  prefix: string
  /** The folder that all working trees share, absolute: `.git`. */
  commonFolder: string
  /** Whether its history ends early. */
  isShallow: boolean
  objects: GitObjects
}

/** A commit. */
export type Commit = {
  /** 40 or 64 hex digits. */
  id: string
  /** When it was made, ISO 8601 in UTC. */
  at: string
}

/** Largest commit object that is read, bytes. */
const MAX_COMMIT = 1_000_000

/**
 * Opens the repository that contains a folder.
 *
 * @throws LimnError `git/not-found`, `git/no-repository`, `git/failed`
 */
export async function openRepository(folder: string, signal?: AbortSignal): Promise<Repository> {
  requireNoLinkToFile(folder)
  const { code, stdout, stderr } = await runGit(
    folder,
    ['rev-parse', '--show-prefix', '--git-common-dir', '--is-shallow-repository'],
    { maxBytes: 100_000, signal },
  )
  if (code !== 0) throw notARepository(folder, stderr)
  const lines = stdout.toString().split('\n')
  const [prefix = '', commonFolder = '', isShallow = ''] = lines
  return {
    folder,
    prefix,
    commonFolder: resolve(folder, commonFolder),
    isShallow: isShallow === 'true',
    objects: openObjects(folder),
  }
}

/**
 * Rejects a `.git` that is a link to a file, which git would read wherever it is. A folder may be
 * linked, and a file of a worktree is no link.
 *
 * @throws LimnError `git/no-repository`
 */
export function requireNoLinkToFile(folder: string): void {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, '.git')
    const stat = lstatSync(path, { throwIfNoEntry: false })
    if (stat !== undefined) {
      if (!stat.isSymbolicLink() || isFolder(path)) return
      throw new LimnError('git/no-repository', `${path} is a link to a file, not a repository.`, {
        hint: 'Run the command in a clone of the project.',
      })
    }
    if (dirname(at) === at) return
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

function notARepository(folder: string, stderr: string): LimnError {
  if (/dubious ownership/.test(stderr)) {
    return new LimnError('git/failed', `git does not read ${folder}: another user owns it.`, {
      hint: 'Add it to `safe.directory` of git, if you trust its owner.',
    })
  }
  if (/not a git repository/i.test(stderr)) {
    return new LimnError('git/no-repository', `${folder} is not in a git repository.`, {
      hint: 'Run the command in a clone of the project.',
    })
  }
  return gitFailed(`git can't read the repository of ${folder}`, new Error(stderr))
}

/**
 * Finds the commit that a revision names: a branch, a tag, `HEAD~2`, a hash.
 *
 * @throws LimnError `git/unknown-ref`
 */
export async function resolveCommit(
  { objects, isShallow }: Pick<Repository, 'objects' | 'isShallow'>,
  ref: string,
): Promise<Commit> {
  const object =
    ref === '' || ref.startsWith('-')
      ? undefined
      : await objects.read(`${ref}^{commit}`, MAX_COMMIT)
  if (object?.state === 'read' && object.type === 'commit') {
    return { id: object.id, at: timeOf(object.bytes) }
  }
  throw new LimnError('git/unknown-ref', `This repository has no commit "${ref}".`, {
    hint: adviseOnRef(ref, isShallow),
  })
}

function adviseOnRef(ref: string, isShallow: boolean): string {
  if (ref.includes('..')) return 'Pass both commits as two arguments: `limn compare BASE HEAD`.'
  if (isShallow) {
    return 'The clone is shallow: fetch its history with `git fetch --unshallow`, or with `fetch-depth: 0` in a workflow.'
  }
  return 'Check its name with `git branch --all`, or fetch it with `git fetch`.'
}

/** Returns when a commit was made. */
function timeOf(commit: Buffer): string {
  const seconds = /^committer .*> (\d{1,11}) [+-]\d{4}$/m.exec(commit.toString('utf8'))?.[1] ?? '0'
  return new Date(Number(seconds) * 1000).toISOString()
}

/**
 * Finds the last commit that two commits have in common.
 *
 * @returns `undefined` if they have none
 * @throws LimnError `git/shallow` if the clone does not reach back to it
 */
export async function findMergeBase(
  repository: Repository,
  [a, b]: readonly [Commit, Commit],
  signal?: AbortSignal,
): Promise<Commit | undefined> {
  if (a.id === b.id) return a
  const { code, stdout } = await runGit(repository.folder, ['merge-base', a.id, b.id], {
    maxBytes: 10_000,
    signal,
  })
  const id = stdout.toString().split('\n')[0]!
  if (code === 0) return resolveCommit(repository, id)
  if (!repository.isShallow) return undefined
  throw new LimnError(
    'git/shallow',
    'The clone is shallow and does not reach back to the commit at which the branch started.',
    { hint: 'Run `git fetch --unshallow`, or set `fetch-depth: 0` in a workflow.' },
  )
}
