import { createDebug } from '../debug.ts'
import { hasDigest } from '../digest.ts'
import { maxBytes } from '../disk/read-inside.ts'
import { hashRequest, type ImageRequest } from '../identity/request.ts'
import type { LockEntry, MasterRecord } from '../lock/lock.ts'
import { pictureKey, receiptKey } from './keys.ts'
import { MAX_RECEIPT_BYTES, parseReceipt, type Receipt, type RemotePicture } from './receipt.ts'
import type { RemoteStore } from './remote-store.ts'

const debug = createDebug('remote')

/** Most answers to a request that are tried: the first one is hardly ever damaged. */
export const MAX_ANSWERS = 8

/** Pictures that were paid for on some machine, and how they were made. The first is the master. */
export type FoundAnswer = { made: MasterRecord; pictures: Uint8Array[] }

/** Where an answer is searched. */
export type FindOptions = {
  store: RemoteStore
  /** Receives the key of each object that is damaged or foreign, and therefore not used. */
  onDamaged: (key: string) => void
  signal?: AbortSignal | undefined
}

/**
 * Finds the pictures of a request in a store, and checks them.
 *
 * @param locked the entry of the asset in the lockfile. If it answers the request, its master is
 *   the only picture that counts, unless the store does not have it
 * @throws LimnError `remote/…`, `aborted`
 */
export async function findAnswer(
  request: ImageRequest,
  locked: LockEntry | undefined,
  options: FindOptions,
): Promise<FoundAnswer | undefined> {
  const requestHash = hashRequest(request)
  if (locked !== undefined && isAnswer(locked, requestHash)) {
    const { sha256, bytes } = locked.master
    const picture = await readPicture({ sha256, bytes }, options)
    if (picture !== undefined) return { made: bareRecord(locked.made), pictures: [picture] }
  }
  for await (const { receipt } of readReceipts(requestHash, options)) {
    // A person's picture is no answer of a model.
    if (receipt === undefined || receipt.made.provider === 'adopted') continue
    const pictures = await readPictures(receipt.pictures, options)
    if (pictures === undefined) continue
    debug('%s: found %d pictures in %s', requestHash, pictures.length, options.store.name)
    return { made: bareRecord(receipt.made), pictures }
  }
  return undefined
}

/** Returns how a picture was made, without what is only true for one project. */
export function bareRecord(record: MasterRecord): MasterRecord {
  const { ownPrompt: _, candidates: __, picked: ___, ...made } = record
  return made
}

function isAnswer({ request, master }: LockEntry, requestHash: string): boolean {
  return (
    request.operation !== 'source' &&
    master.state === 'generated' &&
    hashRequest(request) === requestHash
  )
}

/**
 * Reads the receipts of a request in their order, until one is missing.
 *
 * @returns their numbers; the receipt is `undefined` if it is damaged or foreign
 */
export async function* readReceipts(
  requestHash: string,
  { store, onDamaged, signal }: FindOptions,
): AsyncGenerator<{ number: number; receipt: Receipt | undefined }> {
  for (let number = 1; number <= MAX_ANSWERS; number++) {
    const key = receiptKey(requestHash, number)
    const bytes = await store.get(key, { maxBytes: MAX_RECEIPT_BYTES, signal })
    if (bytes === undefined) return
    const receipt = parseReceipt(bytes, requestHash)
    if (receipt === undefined) onDamaged(key)
    yield { number, receipt }
  }
}

/** Reads the pictures of an answer; `undefined` if the first one can't be used. */
async function readPictures(
  [first, ...others]: readonly RemotePicture[],
  options: FindOptions,
): Promise<Uint8Array[] | undefined> {
  const master = await readPicture(first!, options)
  if (master === undefined) return undefined
  const pictures = [master]
  for (const other of others) {
    const picture = await readPicture(other, options)
    if (picture !== undefined) pictures.push(picture)
  }
  return pictures
}

/** Reads a picture; `undefined` if it is missing, differs from its digest, or can't be decoded. */
export async function readPicture(
  { sha256, bytes: size }: RemotePicture,
  { store, onDamaged, signal }: FindOptions,
): Promise<Uint8Array | undefined> {
  const key = pictureKey(sha256)
  // A text, which an SVG is, may have other line endings than the one that was measured.
  const limit = Math.min(2 * size, maxBytes.picture)
  const bytes = await store.get(key, { maxBytes: limit, signal })
  if (bytes === undefined) return undefined
  if (hasDigest(bytes, sha256) && (await isPicture(bytes, signal))) return bytes
  onDamaged(key)
  return undefined
}

/** Whether bytes can be decoded: otherwise every run would recover them, and fail. */
async function isPicture(bytes: Uint8Array, signal: AbortSignal | undefined): Promise<boolean> {
  const { readMaster } = await import('../pictures/read-master.ts')
  try {
    await readMaster(Buffer.from(bytes), signal)
    return true
  } catch {
    signal?.throwIfAborted()
    return false
  }
}
