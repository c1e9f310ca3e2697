import { listObjects, type ListedObjects } from './list-objects.ts'
import { mapAtOnce } from './map-at-once.ts'
import { MAX_RECEIPT_BYTES, parseReceipt, type Receipt } from './receipt.ts'
import type { RemoteObject, RemoteOptions, RemoteStore } from './remote-store.ts'

const DAY_MS = 24 * 60 * 60_000
/** Age from which a picture without a receipt is one that nobody completes, ms. */
const ORPHAN_MS = 7 * DAY_MS
/** Age from which nobody waits for a claim, ms. */
const CLAIM_MS = DAY_MS
/** Age from which no server has the results of a batch, ms. */
const BATCH_MS = 32 * DAY_MS
const CONCURRENCY = 8

type ListedAnswer = {
  object: ListedObjects['receipts'][number]
  /** `undefined` if it is damaged. */
  receipt: Receipt | undefined
}

type SweepOptions = RemoteOptions & {
  /** Age from which an answer is removed, days. Default: no answer is. */
  olderThan?: number | undefined
  /** Digests that are kept, with every answer that has one. */
  kept: ReadonlySet<string>
  /**
   * The time by the clock of the store, ms since 1970; `null` if it is unknown: then it is at least
   * the time of the newest object.
   */
  now: number | null
}

/**
 * Finds the objects that a store no longer needs: claims of a day ago, records of batches of a
 * month ago, pictures without a receipt of a week ago, and answers that are older than a limit.
 * Keeps objects of unknown age, and old answers before a newer one to the same request.
 *
 * @throws LimnError `remote/…`, `aborted`
 */
export async function findGarbage(
  store: RemoteStore,
  { olderThan, kept, now: given, ...options }: SweepOptions,
): Promise<RemoteObject[]> {
  const listed = await listObjects(store, options)
  const now = given ?? newestTime(listed)
  const isOlder = ({ modified }: RemoteObject, ms: number): boolean =>
    modified !== null && now - modified > ms
  const receipts = await readAll(store, listed, options)
  const oldReceipts = withoutHiding(
    receipts,
    ({ object, receipt }) =>
      olderThan !== undefined &&
      isOlder(object, olderThan * DAY_MS) &&
      receipt?.pictures.some(({ sha256 }) => kept.has(sha256)) !== true,
  )
  const old = new Set(oldReceipts.map(({ object }) => object.key))
  const needed = new Set(
    receipts
      .filter(({ object }) => !old.has(object.key))
      .flatMap(({ receipt }) => receipt?.pictures ?? [])
      .map(({ sha256 }) => sha256),
  )
  const ofOld = new Set(
    oldReceipts.flatMap(({ receipt }) => receipt?.pictures ?? []).map(({ sha256 }) => sha256),
  )
  const pictures = [...listed.pictures].flatMap(([digest, object]) => {
    if (needed.has(digest) || kept.has(digest)) return []
    return ofOld.has(digest) || isOlder(object, ORPHAN_MS) ? [object] : []
  })
  return [
    // A receipt must not outlive its pictures.
    ...oldReceipts.map(({ object }) => object),
    ...pictures,
    ...listed.claims.filter((claim) => isOlder(claim, CLAIM_MS)),
    ...listed.batches.filter((batch) => isOlder(batch, BATCH_MS)),
  ]
}

/** Returns when the newest object was written, ms since 1970. */
function newestTime({ pictures, receipts, claims, foreign }: ListedObjects): number {
  let newest = 0
  for (const { modified } of [...pictures.values(), ...receipts, ...claims, ...foreign]) {
    if (modified !== null && modified > newest) newest = modified
  }
  return newest
}

/**
 * Returns the answers that `isOld` accepts, without those that come before an answer to the same
 * request that stays: a reader stops at the first number that is missing.
 */
function withoutHiding(
  answers: readonly ListedAnswer[],
  isOld: (answer: ListedAnswer) => boolean,
): ListedAnswer[] {
  const lastKept = new Map<string, number>()
  const old: ListedAnswer[] = []
  for (const answer of answers) {
    const { requestHash, number } = answer.object
    if (isOld(answer)) old.push(answer)
    else lastKept.set(requestHash, Math.max(number, lastKept.get(requestHash) ?? 0))
  }
  return old.filter(({ object }) => object.number > (lastKept.get(object.requestHash) ?? 0))
}

/** Reads all receipts; `undefined` for a damaged one. */
function readAll(
  store: RemoteStore,
  { receipts }: ListedObjects,
  options: RemoteOptions,
): Promise<ListedAnswer[]> {
  return mapAtOnce(receipts, CONCURRENCY, async (object) => {
    const bytes = await store.get(object.key, { maxBytes: MAX_RECEIPT_BYTES, ...options })
    const receipt = bytes === undefined ? undefined : parseReceipt(bytes, object.requestHash)
    return { object, receipt }
  })
}
