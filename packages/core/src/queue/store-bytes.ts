import { sha256 } from '../digest.ts'
import { pictureKey } from '../remote/keys.ts'
import type { RemoteOptions, RemoteStore } from '../remote/remote-store.ts'
import type { StoredBytes } from './job.ts'

/**
 * Stores bytes under their digest, unless they are there. `limn cache gc` deletes what no answer
 * names after a week.
 *
 * @throws LimnError `remote/…`, `aborted`
 */
export async function storeBytes(
  data: Uint8Array,
  store: RemoteStore,
  options: RemoteOptions,
): Promise<StoredBytes> {
  const digest = sha256(data)
  await store.putIfAbsent(pictureKey(digest), data, options)
  return { sha256: digest, bytes: data.length }
}
