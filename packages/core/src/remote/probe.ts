import { randomBytes } from 'node:crypto'
import { claimKey } from './keys.ts'
import { isRemoteError } from './remote-errors.ts'
import type { RemoteOptions, RemoteStore } from './remote-store.ts'

/**
 * Returns the key of a new claim that nobody waits for: an object that may be written to examine a
 * store. `limn cache gc` deletes it if it stays.
 */
export function probeKey(): string {
  return claimKey(randomBytes(32).toString('hex'), 1)
}

/**
 * Returns the time by the clock of a store, ms since 1970: when it says that an object was written.
 * The clock of this machine may be wrong.
 *
 * @returns `null` if the store does not say, or nothing can be written to it
 * @throws LimnError `aborted`
 */
export async function storeTime(
  store: RemoteStore,
  options: RemoteOptions = {},
): Promise<number | null> {
  const key = probeKey()
  try {
    await store.putIfAbsent(key, Buffer.from('{}'), options)
    const object = await store.head(key, options)
    await store.delete(key, options)
    return object?.modified ?? null
  } catch (error) {
    if (!isRemoteError(error)) throw error
    return null
  }
}
