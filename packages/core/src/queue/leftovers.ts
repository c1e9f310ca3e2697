import type { ImageRequest } from '../identity/request.ts'
import { requestHashOf } from '../identity/request.ts'
import { emptyLock, type MasterRecord } from '../lock/lock.ts'
import type { RemoteStore } from '../remote/remote-store.ts'
import { pictureToUpload, storeAnswer } from '../remote/store-answer.ts'
import { listJournalKeys, readJournalEntry, removeJournalEntry } from '../store/journal.ts'
import { listLinkKeys } from '../store/pending-links.ts'
import type { WorkerParts } from './worker-parts.ts'

/**
 * Fetches the pictures behind the links that an earlier worker received and could not fetch, into
 * the journal. Links whose server is down stay.
 *
 * @throws LimnError `store/…`, `aborted`
 */
export async function fetchLeftovers({
  paths,
  manifest,
  env,
  signals: { stop: signal },
  onEvent,
}: Pick<WorkerParts, 'paths' | 'manifest' | 'env' | 'signals' | 'onEvent'>): Promise<void> {
  if (listLinkKeys(paths.journal).length === 0) return
  const { collectLinks } = await import('../run/collect-links.ts')
  await collectLinks({ paths, lock: emptyLock, manifest, env, onEvent, signal })
}

type Leftover = {
  request: ImageRequest
  made: MasterRecord
  pictures: Uint8Array[]
  keys: string[]
}

/**
 * Stores the pictures that an earlier worker received and did not store, and removes them from the
 * journal.
 *
 * @returns how many there were
 * @throws LimnError `remote/…`, `store/…`, `aborted`
 */
export async function storeLeftovers(
  journal: string,
  { store, signal }: { store: RemoteStore; signal?: AbortSignal | undefined },
): Promise<number> {
  let stored = 0
  for (const { request, made, pictures, keys } of await readLeftovers(journal)) {
    const answer = { request, made, pictures: pictures.map(pictureToUpload) }
    await storeAnswer(answer, { store, signal })
    for (const key of keys) await removeJournalEntry(journal, key)
    stored += keys.length
  }
  return stored
}

/** Reads the pictures of a journal, with those of one request together. */
async function readLeftovers(journal: string): Promise<Leftover[]> {
  const byHash = new Map<string, Leftover>()
  for (const key of listJournalKeys(journal).toSorted()) {
    const { bytes, receipt } = await readJournalEntry(journal, key)
    // Without its record, nobody knows what the picture answers. It stays for the user.
    if (receipt === undefined) continue
    const { request, made } = receipt
    const hash = requestHashOf(key)
    const known = byHash.get(hash) ?? { request, made, pictures: [], keys: [] }
    known.pictures.push(bytes)
    known.keys.push(key)
    byHash.set(hash, known)
  }
  return [...byHash.values()]
}
