import { sha256 } from '../digest.ts'
import { hashRequest } from '../identity/request.ts'
import { parseShelfKey, shelfKey, type ShelvedPicture } from '../identity/shelf-key.ts'
import type { LockEntry } from '../lock/lock.ts'
import { listJournalKeys, removeJournalEntry, writeJournalEntry } from './journal.ts'

/*
 * The shelf has the format of the journal. It keeps each paid picture that was replaced, by its
 * request, so that returning to an old prompt costs nothing.
 */

/**
 * Adds the master of an asset that is about to be replaced. It takes the place of an earlier
 * picture of the same asset and request, such as another candidate, which is in `.limn/replaced`.
 *
 * @throws LimnError `store/read-only`, `store/no-space`, `store/failed`
 */
export async function addToShelf(
  folder: string,
  { asset, bytes, entry }: { asset: string; bytes: Uint8Array; entry: LockEntry },
): Promise<void> {
  const { request } = entry
  if (request.operation === 'source') return
  const requestHash = hashRequest(request)
  const key = shelfKey({ asset, requestHash, digest: sha256(bytes) })
  const { tag } = parseShelfKey(key)
  const known = listShelf(folder).get(requestHash) ?? []
  if (!known.some((picture) => picture.key === key)) {
    await writeJournalEntry(folder, { key, bytes, receipt: entry })
  }
  const outdated = known.filter((picture) => picture.tag === tag && picture.key !== key)
  for (const picture of outdated) await removeJournalEntry(folder, picture.key)
}

/** Lists the pictures on the shelf by request hash; empty if it can't be read. */
export function listShelf(folder: string): Map<string, ShelvedPicture[]> {
  const picturesByRequest = new Map<string, ShelvedPicture[]>()
  for (const key of listKeys(folder).sort()) {
    const picture = parseShelfKey(key)
    const others = picturesByRequest.get(picture.requestHash)
    if (others === undefined) picturesByRequest.set(picture.requestHash, [picture])
    else others.push(picture)
  }
  return picturesByRequest
}

function listKeys(folder: string): string[] {
  try {
    return listJournalKeys(folder)
  } catch {
    // Without the shelf, the plan requests the old picture again and states the price.
    return []
  }
}
