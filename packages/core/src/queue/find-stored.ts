import { hasDigest } from '../digest.ts'
import { maxBytes } from '../disk/read-inside.ts'
import type { ImageRequest } from '../identity/request.ts'
import { hashRequest } from '../identity/request.ts'
import {
  bareRecord,
  type FindOptions,
  type FoundAnswer,
  readPicture,
  readReceipts,
} from '../remote/find-answer.ts'
import { pictureKey } from '../remote/keys.ts'
import type { StoredBytes } from './job.ts'

/**
 * Finds the answer to a request whose first picture has a digest.
 *
 * @throws LimnError `remote/…`, `aborted`
 */
export async function findByDigest(
  request: ImageRequest,
  digest: string,
  options: FindOptions,
): Promise<FoundAnswer | undefined> {
  for await (const { receipt } of readReceipts(hashRequest(request), options)) {
    if (receipt?.pictures[0]?.sha256 !== digest) continue
    const pictures: Uint8Array[] = []
    for (const picture of receipt.pictures) {
      const bytes = await readPicture(picture, options)
      if (bytes !== undefined) pictures.push(bytes)
      else if (pictures.length === 0) return undefined
    }
    return { made: bareRecord(receipt.made), pictures }
  }
  return undefined
}

/**
 * Reads bytes that a job or a result names.
 *
 * @returns `undefined` if the store does not have them, or has others
 * @throws LimnError `remote/…`, `aborted`
 */
export async function readStored(
  { sha256, bytes }: StoredBytes,
  { store, onDamaged, signal }: FindOptions,
): Promise<Uint8Array | undefined> {
  const key = pictureKey(sha256)
  const limit = Math.min(bytes, maxBytes.picture)
  const data = await store.get(key, { maxBytes: limit, signal })
  if (data === undefined || hasDigest(data, sha256)) return data
  onDamaged(key)
  return undefined
}
