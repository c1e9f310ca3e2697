import { join } from 'node:path'
import { hasDigest } from '../digest.ts'
import { describeReadError } from '../disk/read-errors.ts'
import { maxBytes, readInside } from '../disk/read-inside.ts'
import { LimnError } from '../errors.ts'
import type { Lock } from '../lock/lock.ts'
import { type CommittedPictures, openCommittedPictures } from '../store/committed-pictures.ts'
import { type EarlierPicture, listEarlierPictures } from '../store/earlier-pictures.ts'
import type { ProjectPaths } from '../store/paths.ts'

export type { EarlierPicture } from '../store/earlier-pictures.ts'

/** An earlier picture, and how `limn restore` numbers it. */
export type NumberedPicture = EarlierPicture & {
  /** From 1, the latest first; `null` for the master itself. */
  number: number | null
  isMaster: boolean
  /** When it was made, ms since 1970; when its file was written or committed if that is unknown. */
  time: number
}

/**
 * Finds the pictures that an asset had or that were candidates for it, and that still exist on this
 * machine: replaced masters, candidates, those on the shelf and in the history of git. The latest
 * comes first.
 *
 * @param history the open history of git. Default: that of this asset, until it is listed
 */
export async function findEarlier(
  paths: ProjectPaths,
  lock: Lock,
  name: string,
  history?: CommittedPictures,
): Promise<NumberedPicture[]> {
  const current = lock.assets.get(name)
  const master = current?.master.sha256
  const isMaster = (digest: string): boolean => master?.startsWith(digest) === true
  const stored = await listEarlierPictures(paths, name, current)
  const known = new Set(stored.map(({ digest }) => digest.slice(0, 16)))
  const committed = await withHistory(paths, history, (pictures) =>
    pictures.list(name, (digest) => known.has(digest.slice(0, 16)) || isMaster(digest)),
  )
  const pictures = [...stored, ...committed]
    .map((picture) => ({ ...picture, isMaster: isMaster(picture.digest), time: timeOf(picture) }))
    .sort((a, b) => b.time - a.time || (a.path < b.path ? -1 : 1))
  const others = pictures.filter((picture) => !picture.isMaster)
  return pictures.map((picture) => ({
    ...picture,
    number: picture.isMaster ? null : others.indexOf(picture) + 1,
  }))
}

/** Uses the open history, or opens and closes one. */
async function withHistory<T>(
  paths: ProjectPaths,
  history: CommittedPictures | undefined,
  use: (pictures: CommittedPictures) => Promise<T>,
): Promise<T> {
  if (history !== undefined) return use(history)
  const own = openCommittedPictures(paths)
  try {
    return await use(own)
  } finally {
    own.close()
  }
}

function timeOf({ receipt, mtimeMs }: EarlierPicture): number {
  const made = receipt === undefined ? NaN : Date.parse(receipt.made.at)
  return Number.isNaN(made) ? mtimeMs : made
}

/**
 * Reads an earlier picture. A picture of a commit that is not the one that its lockfile records
 * comes without a receipt.
 *
 * @param history as for `findEarlier`
 * @throws LimnError `picture/unreadable`, `git/failed`
 */
export async function readEarlier(
  paths: ProjectPaths,
  picture: EarlierPicture,
  history?: CommittedPictures,
): Promise<{ bytes: Uint8Array; receipt: EarlierPicture['receipt'] }> {
  const { version, receipt, digest } = picture
  const bytes =
    version === undefined
      ? readStored(paths, picture)
      : await withHistory(paths, history, (pictures) => pictures.read(version))
  if (bytes === undefined) throw unreadable(picture, 'this clone does not have it')
  const isRight = digest.length < 64 || hasDigest(bytes, digest)
  return { bytes, receipt: isRight ? receipt : undefined }
}

function readStored({ root }: ProjectPaths, picture: EarlierPicture): Buffer {
  try {
    return readInside(root, join(root, picture.path), maxBytes.picture)
  } catch (error) {
    throw unreadable(picture, describeReadError(error), error)
  }
}

function unreadable(picture: EarlierPicture, why: string, cause?: unknown): LimnError {
  return new LimnError('picture/unreadable', `${placeOf(picture)} can't be read: ${why}.`, {
    hint: 'Choose another one.',
    cause,
  })
}

/** Returns where an earlier picture is, as messages name it. */
export function placeOf({ path, version }: Pick<EarlierPicture, 'path' | 'version'>): string {
  return version === undefined ? path : `${path} in commit ${version.commit.slice(0, 8)}`
}
