import { relative } from 'node:path'
import { createDebug } from '../debug.ts'
import { compareText, pictureDigest } from '../digest.ts'
import { maxBytes } from '../disk/read-inside.ts'
import {
  type FileVersion,
  readFileHistory,
  readFolderHistory,
  readVersion,
} from '../git/file-history.ts'
import { openRepository, type Repository } from '../git/repository.ts'
import { parseLockEntries } from '../lock/codec.ts'
import { type LockEntry, masterPaths } from '../lock/lock.ts'
import type { EarlierPicture } from './earlier-pictures.ts'
import type { ProjectPaths } from './paths.ts'

const debug = createDebug('store')

/** Most commits of an asset's master that are considered. */
const MAX_COMMITS = 50
/** Most commits of all masters that are considered. */
const MAX_ALL_COMMITS = 1000
/** Largest lockfile of a commit that is read, and of all commits together, bytes. */
const MAX_LOCK = 64 * 1024 * 1024
const MAX_LOCKS = 256 * 1024 * 1024
/** Bytes of pictures that are compared with what the lockfiles of their commits record. */
const MAX_PICTURES = 64 * 1024 * 1024

/** The pictures of the masters in the history of the current branch. */
export type CommittedPictures = {
  /**
   * Lists those of one asset, the latest first. The lockfile of each commit says how the picture
   * was made. Without git, or outside of a repository, there are none.
   *
   * @param isKnown whether a picture with this digest is listed already
   */
  list(asset: string, isKnown: (digest: string) => boolean): Promise<EarlierPicture[]>
  /**
   * Reads a picture of a commit.
   *
   * @returns `undefined` if this clone does not have it
   * @throws LimnError `git/failed`
   */
  read(version: FileVersion): Promise<Buffer | undefined>
  /** Ends the process that reads objects. */
  close(): void
}

/** Opens the history of one asset at a time. Starts git with the first list. */
export function openCommittedPictures(paths: ProjectPaths): CommittedPictures {
  return openPictures(paths, (repository, asset) =>
    readFileHistory(repository, masterPaths(paths.masters, asset), { commits: MAX_COMMITS }),
  )
}

/**
 * Opens the history of all assets: one process lists it, whatever number of assets is asked for. It
 * goes back fewer commits per asset than that of one, and takes more pictures as their lockfiles
 * describe them.
 */
export function openWholeHistory(paths: ProjectPaths): CommittedPictures {
  let versionsByPath: Promise<Map<string, FileVersion[]>> | undefined
  return openPictures(paths, async (repository, asset) => {
    versionsByPath ??= readFolderHistory(repository, paths.masters, { commits: MAX_ALL_COMMITS })
    const known = await versionsByPath
    return masterPaths(paths.masters, asset)
      .flatMap((path) => known.get(path) ?? [])
      .sort((a, b) => compareText(b.at, a.at))
  })
}

/** Opens pictures whose versions `readVersions` lists. */
function openPictures(
  paths: ProjectPaths,
  readVersions: (repository: Repository, asset: string) => Promise<FileVersion[]>,
): CommittedPictures {
  let opening: Promise<Source | undefined> | undefined
  return {
    async list(asset, isKnown) {
      opening ??= openSource(paths)
      const source = await opening
      if (source === undefined) return []
      try {
        const versions = await readVersions(source.repository, asset)
        return await describeVersions(source, { versions, asset, isKnown })
      } catch (error) {
        debug("%s: the history of git can't be read, %o", asset, error)
        return []
      }
    },
    async read(version) {
      opening ??= openSource(paths)
      const source = await opening
      return source === undefined ? undefined : tryRead(source.repository, version)
    },
    close: () => void opening?.then((source) => source?.repository.objects.close()),
  }
}

/** What versions are described with. `left` are the bytes of pictures that may still be read. */
type Source = { repository: Repository; locks: Locks; left: number }

async function openSource(paths: ProjectPaths): Promise<Source | undefined> {
  const repository = await tryOpen(paths)
  if (repository === undefined) return undefined
  return { repository, locks: openLocks(repository, paths), left: MAX_PICTURES }
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
  asset: string
  isKnown: (digest: string) => boolean
}

async function describeVersions(
  source: Source,
  { versions, asset, isKnown }: Versions,
): Promise<EarlierPicture[]> {
  const { repository, locks } = source
  const pictures: EarlierPicture[] = []
  const listed = new Set<string>()
  for (const version of versions) {
    const entry = await locks.entryAt(version, asset)
    // A long history of large pictures is taken as its lockfiles describe it.
    const isTrusted = entry !== undefined && source.left <= 0
    const bytes = isTrusted ? undefined : await tryRead(repository, version)
    if (!isTrusted && bytes === undefined) continue
    source.left -= bytes?.length ?? 0
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
type Locks = { entryAt(version: FileVersion, asset: string): Promise<LockEntry | undefined> }

function openLocks({ objects, prefix }: Repository, { root, lock, masters }: ProjectPaths): Locks {
  const path = `${prefix}${relative(root, lock).replaceAll('\\', '/')}`
  const bytesByCommit = new Map<string, Buffer | undefined>()
  let left = MAX_LOCKS
  async function read(commit: string): Promise<Buffer | undefined> {
    const object = await objects.read(`${commit}:${path}`, Math.min(left, MAX_LOCK))
    if (object.state !== 'read' || object.type !== 'blob') return undefined
    left -= object.bytes.length
    return object.bytes
  }
  return {
    async entryAt({ commit, path: master }, asset) {
      if (!bytesByCommit.has(commit)) bytesByCommit.set(commit, await read(commit))
      const bytes = bytesByCommit.get(commit)
      try {
        const entry = bytes && parseLockEntries(bytes, [asset], masters)?.get(asset)
        return entry?.master.path === master ? entry : undefined
      } catch {
        return undefined
      }
    },
  }
}
