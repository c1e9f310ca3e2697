import { compareText, hasDigest } from '../digest.ts'
import { maxBytes } from '../disk/read-inside.ts'
import { groupBy } from '../plan/group-by.ts'
import { parseKey, receiptKey } from './keys.ts'
import { type ListedObjects, listObjects } from './list-objects.ts'
import { mapAtOnce } from './map-at-once.ts'
import { MAX_RECEIPT_BYTES, parseReceipt } from './receipt.ts'
import type { RemoteOptions, RemoteStore } from './remote-store.ts'

/**
 * An object that is not used: `damaged`, a receipt that names a missing picture (`incomplete`), or
 * one that Limn did not write (`foreign`).
 */
export type BadObject = { key: string; problem: 'damaged' | 'incomplete' | 'foreign' }

/** Objects that are read at the same time. */
const CONCURRENCY = 4

/**
 * Reads every object of a store, and returns those that are not used.
 *
 * @throws LimnError `remote/…`, `aborted`
 */
export async function verifyStore(
  store: RemoteStore,
  options: RemoteOptions,
): Promise<{ checked: number; bad: BadObject[] }> {
  const listed = await listObjects(store, options)
  const bad: BadObject[] = listed.foreign.map(({ key }) => ({ key, problem: 'foreign' }))
  const damaged = await findDamagedPictures(store, listed, options)
  bad.push(...[...damaged].map((digest) => badPicture(listed, digest)))
  await mapAtOnce(listed.receipts, CONCURRENCY, async ({ key, requestHash }) => {
    const bytes = await store.get(key, { maxBytes: MAX_RECEIPT_BYTES, ...options })
    // Another machine may have removed it since.
    if (bytes === undefined) return
    const receipt = parseReceipt(bytes, requestHash)
    const isComplete = receipt?.pictures.every(
      ({ sha256 }) => listed.pictures.has(sha256) && !damaged.has(sha256),
    )
    if (receipt === undefined) bad.push({ key, problem: 'damaged' })
    else if (isComplete !== true) bad.push({ key, problem: 'incomplete' })
  })
  return {
    checked: listed.pictures.size + listed.receipts.length + listed.foreign.length,
    bad: bad.sort((a, b) => compareText(a.key, b.key)),
  }
}

function badPicture({ pictures }: ListedObjects, digest: string): BadObject {
  return { key: pictures.get(digest)!.key, problem: 'damaged' }
}

/** Returns the digests of the pictures whose bytes differ from them. */
async function findDamagedPictures(
  store: RemoteStore,
  { pictures }: ListedObjects,
  options: RemoteOptions,
): Promise<Set<string>> {
  const damaged = new Set<string>()
  await mapAtOnce(pictures, CONCURRENCY, async ([digest, { key, bytes: size }]) => {
    const limit = Math.min(maxBytes.picture, (size ?? maxBytes.picture) + 1)
    const bytes = await store.get(key, { maxBytes: limit, ...options })
    if (bytes !== undefined && !hasDigest(bytes, digest)) damaged.add(digest)
  })
  return damaged
}

/**
 * Deletes the objects that are damaged or incomplete, but none that Limn did not write. Answers
 * that come after a deleted one are moved to its number.
 */
export async function deleteBadObjects(
  store: RemoteStore,
  bad: readonly BadObject[],
  options: RemoteOptions,
): Promise<string[]> {
  const keys = bad.flatMap(({ key, problem }) => (problem === 'foreign' ? [] : [key]))
  for (const key of keys) await store.delete(key, options)
  const hashes = new Set(
    keys.flatMap((key) => {
      const parsed = parseKey(key)
      return parsed?.kind === 'receipt' ? [parsed.requestHash] : []
    }),
  )
  if (hashes.size > 0) await closeGaps(store, hashes, options)
  return keys
}

/** Gives the answers to requests numbers without gaps: a reader stops at the first one. */
async function closeGaps(
  store: RemoteStore,
  hashes: ReadonlySet<string>,
  options: RemoteOptions,
): Promise<void> {
  const { receipts } = await listObjects(store, options)
  const left = groupBy(receipts, ({ requestHash }) => requestHash)
  for (const requestHash of hashes) {
    const answers = (left.get(requestHash) ?? []).toSorted((a, b) => a.number - b.number)
    for (const [index, { key, number }] of answers.entries()) {
      if (number === index + 1) continue
      const bytes = await store.get(key, { maxBytes: MAX_RECEIPT_BYTES, ...options })
      if (bytes === undefined) continue
      const target = receiptKey(requestHash, index + 1)
      if (await store.putIfAbsent(target, bytes, options)) await store.delete(key, options)
    }
  }
}
