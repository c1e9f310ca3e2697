import { createDebug } from '../debug.ts'
import { hasDigest } from '../digest.ts'
import { maxBytes } from '../disk/read-inside.ts'
import { hashRequest, type ImageRequest } from '../identity/request.ts'
import type { LockEntry, MasterRecord } from '../lock/lock.ts'
import { isFarTooSmall } from '../pictures/far-too-small.ts'
import type { Master } from '../pictures/read-master.ts'
import { pictureKey, receiptKey } from './keys.ts'
import { MAX_RECEIPT_BYTES, parseReceipt, type Receipt, type RemotePicture } from './receipt.ts'
import type { RemoteStore } from './remote-store.ts'

const debug = createDebug('remote')

/** Most answers to a request that a store keeps. */
export const MAX_ANSWERS = 999
/** Most damaged receipts in a row that are read: a server may answer each key with a page. */
export const MAX_DAMAGED = 8

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
 * An answer that a run would reject, because its picture is far too small, is passed over.
 *
 * @param locked the entry of the asset in the lockfile. If it answers the request, its master is
 *   the only picture that counts, unless the store does not have it
 * @param options.images most pictures to read. Default: all of the answer
 * @throws LimnError `remote/…`, `aborted`
 */
export async function findAnswer(
  request: ImageRequest,
  locked: LockEntry | undefined,
  { images = Infinity, ...options }: FindOptions & { images?: number | undefined },
): Promise<FoundAnswer | undefined> {
  const requestHash = hashRequest(request)
  const isUsable = (picture: Master): boolean => !isFarTooSmall(request, picture)
  if (locked !== undefined && isAnswer(locked, requestHash)) {
    const { sha256, bytes } = locked.master
    const picture = await readUsable({ sha256, bytes }, { isUsable, ...options })
    if (picture !== undefined) return { made: bareRecord(locked.made), pictures: [picture] }
  }
  for await (const { receipt } of readReceipts(requestHash, options)) {
    // A person's picture is no answer of a model.
    if (receipt === undefined || receipt.made.provider === 'adopted') continue
    const pictures = await readPictures(receipt.pictures, { images, isUsable, ...options })
    if (pictures.length === 0) continue
    debug('%s: found %d pictures in %s', requestHash, pictures.length, options.store.name)
    return { made: bareRecord(receipt.made), pictures }
  }
  return undefined
}

/**
 * Whether a store has an answer to a request, as far as its listing says: pictures are not read.
 *
 * @param locked as in `findAnswer`
 * @throws LimnError `remote/…`, `aborted`
 */
export async function hasAnswer(
  request: ImageRequest,
  locked: LockEntry | undefined,
  options: FindOptions,
): Promise<boolean> {
  const { store, signal } = options
  const requestHash = hashRequest(request)
  const isStored = async (sha256: string): Promise<boolean> =>
    (await store.head(pictureKey(sha256), { signal })) !== undefined
  if (locked !== undefined && isAnswer(locked, requestHash)) {
    if (await isStored(locked.master.sha256)) return true
  }
  for await (const { receipt } of readReceipts(requestHash, options)) {
    if (receipt === undefined || receipt.made.provider === 'adopted') continue
    if (await isStored(receipt.pictures[0]!.sha256)) return true
  }
  return false
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
 * Reads the receipts of a request in their order, until one is missing, or many in a row are
 * damaged.
 *
 * @returns their numbers; the receipt is `undefined` if it is damaged or foreign
 */
export async function* readReceipts(
  requestHash: string,
  { store, onDamaged, signal }: FindOptions,
): AsyncGenerator<{ number: number; receipt: Receipt | undefined }> {
  let damaged = 0
  for (let number = 1; number <= MAX_ANSWERS && damaged < MAX_DAMAGED; number++) {
    const key = receiptKey(requestHash, number)
    const bytes = await store.get(key, { maxBytes: MAX_RECEIPT_BYTES, signal })
    if (bytes === undefined) return
    const receipt = parseReceipt(bytes, requestHash)
    if (receipt === undefined) onDamaged(key)
    damaged = receipt === undefined ? damaged + 1 : 0
    yield { number, receipt }
  }
}

/** Whether a picture can answer a request. */
type UsableOptions = FindOptions & { isUsable: (picture: Master) => boolean }

/** Reads the first usable pictures of an answer, at most `images`; none if the first can't be read. */
async function readPictures(
  pictures: readonly RemotePicture[],
  { images, ...options }: UsableOptions & { images: number },
): Promise<Uint8Array[]> {
  const read: Uint8Array[] = []
  for (const picture of pictures) {
    if (read.length >= images) break
    const bytes = await readUsable(picture, options)
    if (bytes !== undefined) read.push(bytes)
    else if (picture === pictures[0]) return []
  }
  return read
}

async function readUsable(
  picture: RemotePicture,
  { isUsable, ...options }: UsableOptions,
): Promise<Uint8Array | undefined> {
  const read = await readDecoded(picture, options)
  return read !== undefined && isUsable(read.master) ? read.bytes : undefined
}

/** Reads a picture; `undefined` if it is missing, differs from its digest, or can't be decoded. */
export async function readPicture(
  picture: RemotePicture,
  options: FindOptions,
): Promise<Uint8Array | undefined> {
  return (await readDecoded(picture, options))?.bytes
}

async function readDecoded(
  { sha256, bytes: size }: RemotePicture,
  { store, onDamaged, signal }: FindOptions,
): Promise<{ bytes: Uint8Array; master: Master } | undefined> {
  const key = pictureKey(sha256)
  // A text, which an SVG is, may have other line endings than the one that was measured.
  const limit = Math.min(2 * size, maxBytes.picture)
  const bytes = await store.get(key, { maxBytes: limit, signal })
  if (bytes === undefined) return undefined
  const master = hasDigest(bytes, sha256) ? await decode(bytes, signal) : undefined
  if (master !== undefined) return { bytes, master }
  onDamaged(key)
  return undefined
}

/** Decodes bytes; `undefined` if they are no picture: every run would recover them, and fail. */
async function decode(
  bytes: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<Master | undefined> {
  const { readMaster } = await import('../pictures/read-master.ts')
  try {
    return await readMaster(Buffer.from(bytes), signal)
  } catch {
    signal?.throwIfAborted()
    return undefined
  }
}
