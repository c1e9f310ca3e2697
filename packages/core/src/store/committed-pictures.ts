import { relative } from 'node:path'
import { createDebug } from '../debug.ts'
import { pictureDigest } from '../digest.ts'
import { maxBytes } from '../disk/read-inside.ts'
import { type FileVersion, readFileHistory, readVersion } from '../git/file-history.ts'
import { openRepository, type Repository } from '../git/repository.ts'
import { parseLockEntries } from '../lock/codec.ts'
import { type LockEntry, masterPaths } from '../lock/lock.ts'
import type { EarlierPicture } from './earlier-pictures.ts'
import type { ProjectPaths } from './paths.ts'

const debug = createDebug('store')

/** Most commits of an asset's master that are considered. */
const MAX_COMMITS = 50
/** Largest lockfile of a commit that is read, and of all commits together, bytes. */
const MAX_LOCK = 64 * 1024 * 1024
const MAX_LOCKS = 256 * 1024 * 1024
/** Bytes of pictures that are compared with what the lockfiles of their commits record. */
const MAX_PICTURES = 64 * 1024 * 1024

/**
 * Lists the pictures that the history of the current branch has of an asset's master, the latest
 * first. The lockfile of each commit says how the picture was made. Without git, or outside of a
 * repository, there are none.
 *
 * @param isKnown whether a picture with this digest is listed already
 */
export async function listCommittedPictures(
  paths: ProjectPaths,
  asset: string,
  isKnown: (digest: string) => boolean,
): Promise<EarlierPicture[]> {
  const repository = await tryOpen(paths)
  if (repository === undefined) return []
  try {
    const names = masterPaths(paths.masters, asset)
    const versions = await readFileHistory(repository, names, { commits: MAX_COMMITS })
    return await describeVersions(repository, { versions, paths, asset, isKnown })
  } catch (error) {
    debug("%s: the history of git can't be read, %o", asset, error)
    return []
  } finally {
    repository.objects.close()
  }
}

/**
 * Reads a picture of a commit.
 *
 * @returns `undefined` if this clone does not have it
 * @throws LimnError `git/failed`
 */
export async function readCommittedPicture(
  { root }: ProjectPaths,
  version: FileVersion,
): Promise<Buffer | undefined> {
  const repository = await openRepository(root)
  try {
    const content = await readVersion(repository, version, maxBytes.picture)
    return content.state === 'read' ? content.bytes : undefined
  } finally {
    repository.objects.close()
  }
}

/** Opens the repository of a project; `undefined` without git, or outside of a repository. */
async function tryOpen({ root }: ProjectPaths): Promise<Repository | undefined> {
  try {
    return await openRepository(root)
  } catch (error) {
    debug('no history of git: %o', error)
    return undefined
  }
}

type Versions = {
  versions: readonly FileVersion[]
  paths: ProjectPaths
  asset: string
  isKnown: (digest: string) => boolean
}

async function describeVersions(
  repository: Repository,
  { versions, paths, asset, isKnown }: Versions,
): Promise<EarlierPicture[]> {
  const locks = openLocks(repository, paths, asset)
  let left = MAX_PICTURES
  const pictures: EarlierPicture[] = []
  const listed = new Set<string>()
  for (const version of versions) {
    const entry = await locks.entryAt(version)
    // A long history of large pictures is taken as its lockfiles describe it.
    const isTrusted = entry !== undefined && left <= 0
    const bytes = isTrusted ? undefined : await tryRead(repository, version)
    if (!isTrusted && bytes === undefined) continue
    left -= bytes?.length ?? 0
    const digest = bytes === undefined ? entry!.master.sha256 : pictureDigest(bytes)
    const made = entry?.master.sha256 === digest ? entry : undefined
    if (listed.has(digest) || isKnown(digest)) continue
    listed.add(digest)
    pictures.push({
      id: `git-${version.commit}-${version.id}`,
      origin: 'git',
      path: version.path,
      digest,
      bytes: bytes?.length ?? entry!.master.bytes,
      mtimeMs: Date.parse(version.at),
      receipt: made === undefined ? undefined : receiptOf(made),
      candidate: undefined,
      size: made?.master,
      version,
    })
  }
  return pictures
}

/** Returns how a picture was made; `undefined` if a person supplied it. */
function receiptOf({ request, made }: LockEntry): EarlierPicture['receipt'] {
  return request.operation === 'source' || made.provider === 'adopted'
    ? undefined
    : { request, made }
}

async function tryRead(repository: Repository, version: FileVersion): Promise<Buffer | undefined> {
  const content = await readVersion(repository, version, maxBytes.picture)
  return content.state === 'read' ? content.bytes : undefined
}

/** The lockfiles of commits. */
type Locks = { entryAt(version: FileVersion): Promise<LockEntry | undefined> }

function openLocks(
  { objects, prefix }: Repository,
  { root, lock, masters }: ProjectPaths,
  asset: string,
): Locks {
  const path = `${prefix}${relative(root, lock).replaceAll('\\', '/')}`
  const entries = new Map<string, LockEntry | undefined>()
  let left = MAX_LOCKS
  async function read(commit: string): Promise<LockEntry | undefined> {
    const object = await objects.read(`${commit}:${path}`, Math.min(left, MAX_LOCK))
    if (object.state !== 'read' || object.type !== 'blob') return undefined
    left -= object.bytes.length
    try {
      return parseLockEntries(object.bytes, [asset], masters)?.get(asset)
    } catch {
      return undefined
    }
  }
  return {
    async entryAt({ commit, path: master }) {
      if (!entries.has(commit)) entries.set(commit, await read(commit))
      const entry = entries.get(commit)
      return entry?.master.path === master ? entry : undefined
    },
  }
}
