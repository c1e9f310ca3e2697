import { hasDigest, pictureDigest } from '../digest.ts'
import { maxBytes, readInside } from '../disk/read-inside.ts'
import { LimnError } from '../errors.ts'
import { hashRequest } from '../identity/request.ts'
import type { LockEntry } from '../lock/lock.ts'
import type { UploadedAnswer, UploadedPicture } from '../remote/store-answer.ts'
import { listCandidates } from '../store/candidates.ts'
import type { ProjectPaths } from '../store/paths.ts'
import type { DecodedPicture } from './decode-received.ts'
import type { Received } from './find-received.ts'
import type { Workspace } from './workspace.ts'

/**
 * Returns what to upload of a picture that was installed: the master and its candidates.
 *
 * @returns `undefined` for a picture that Limn or a person drew, if git keeps it
 */
export function toUpload(
  { asset, request, made }: Received,
  { entry: { master }, candidates }: { entry: LockEntry; candidates: readonly number[] },
  { paths, manifest }: Pick<Workspace, 'paths' | 'manifest'>,
): UploadedAnswer | undefined {
  const isDrawn = request.operation === 'cut' || isDrawnByLimn(made, manifest)
  // Only the store keeps the masters of a project whose masters are not in git.
  if (manifest.masters === 'git' && (isDrawn || made.provider === 'adopted')) return undefined
  const fileByNumber =
    candidates.length === 0
      ? new Map<number, string>()
      : listCandidates(paths, { asset, requestHash: hashRequest(request) })
  const files = candidates.slice(1).flatMap((number) => fileByNumber.get(number) ?? [])
  const pictures = [
    pictureOf(paths, { path: master.path, sha256: master.sha256, bytes: master.bytes }),
    ...files.flatMap((file) => describeFile(paths, file) ?? []),
  ]
  return { request, made, pictures, path: master.path }
}

/**
 * Returns what to upload of a picture that becomes a candidate.
 *
 * @returns `undefined` for a picture that Limn or a person drew
 */
export function candidateToUpload(
  { request, made }: Received,
  { master: { bytes } }: DecodedPicture,
  { manifest }: Pick<Workspace, 'manifest'>,
): UploadedAnswer | undefined {
  if (made.provider === 'adopted' || isDrawnByLimn(made, manifest)) return undefined
  const picture = { sha256: pictureDigest(bytes), bytes: bytes.length, read: () => bytes }
  return { request, made, pictures: [picture] }
}

function isDrawnByLimn(
  { provider }: Received['made'],
  { providers }: Pick<Workspace['manifest'], 'providers'>,
): boolean {
  return providers.some(({ name, server }) => name === provider && server === 'local')
}

/** A file to upload. `path` is relative to the root or absolute. */
type PictureFile = Omit<UploadedPicture, 'read'> & { path: string }

/** Returns a picture that is read when its turn comes. */
export function pictureOf(
  { root }: Pick<ProjectPaths, 'root'>,
  { path, sha256, bytes }: PictureFile,
): UploadedPicture {
  return {
    sha256,
    bytes,
    read() {
      const data = readInside(root, path, maxBytes.picture)
      if (hasDigest(data, sha256)) return data
      throw new LimnError('store/failed', `${path} changed before it was uploaded.`, {
        hint: 'Run `limn cache push` to upload what the lockfile has.',
      })
    },
  }
}

/** Returns a picture with its digest; `undefined` if it can't be read. `path` is absolute. */
export function describeFile(
  paths: Pick<ProjectPaths, 'root'>,
  path: string,
): UploadedPicture | undefined {
  try {
    const data = readInside(paths.root, path, maxBytes.picture)
    return pictureOf(paths, { path, sha256: pictureDigest(data), bytes: data.length })
  } catch {
    return undefined
  }
}
