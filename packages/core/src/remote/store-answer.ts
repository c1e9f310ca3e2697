import { pictureDigest } from '../digest.ts'
import { LimnError } from '../errors.ts'
import { hashRequest } from '../identity/request.ts'
import { bareRecord, MAX_ANSWERS, MAX_DAMAGED, readReceipts } from './find-answer.ts'
import { pictureKey, receiptKey } from './keys.ts'
import { formatReceipt, type Receipt, type RemotePicture } from './receipt.ts'
import { unreachable } from './remote-errors.ts'
import type { RemoteStore } from './remote-store.ts'

/** A picture to upload. `read` is called only if the store does not have it. */
export type UploadedPicture = RemotePicture & { read: () => Uint8Array }

/** An answer to upload. */
export type UploadedAnswer = Omit<Receipt, 'pictures'> & {
  pictures: readonly UploadedPicture[]
  /** Path of the master as messages name it. Default: messages do not name it. */
  path?: string
}

/** Describes a picture in memory as `storeAnswer` uploads it. */
export function pictureToUpload(bytes: Uint8Array): UploadedPicture {
  return { sha256: pictureDigest(bytes), bytes: bytes.length, read: () => bytes }
}

type StoreOptions = { store: RemoteStore; signal?: AbortSignal | undefined }

/**
 * Stores the pictures of an answer, then its receipt, except for what the store already has.
 *
 * @returns the number of pictures that were uploaded
 * @throws LimnError `remote/…`, `aborted`
 */
export async function storeAnswer(
  { request, made, pictures }: UploadedAnswer,
  options: StoreOptions,
): Promise<number> {
  let uploaded = 0
  for (const picture of pictures) if (await storePicture(picture, options)) uploaded++
  const described = pictures.map(({ sha256, bytes }) => ({ sha256, bytes }))
  await storeReceipt({ request, made: bareRecord(made), pictures: described }, options)
  return uploaded
}

/** Stores a picture unless the store has it. Replaces one whose size shows that it is damaged. */
async function storePicture(
  { sha256, bytes, read }: UploadedPicture,
  { store, signal }: StoreOptions,
): Promise<boolean> {
  const key = pictureKey(sha256)
  const existing = await store.head(key, { signal })
  if (existing !== undefined && (existing.bytes ?? bytes) === bytes) return false
  const data = read()
  if (existing !== undefined) await store.delete(key, { signal })
  return store.putIfAbsent(key, data, { signal })
}

/**
 * Stores a receipt at the first number that is free, unless it is there under another one.
 *
 * @throws LimnError `remote/invalid` if readers would not find it; the pictures are stored then
 */
async function storeReceipt(receipt: Receipt, { store, signal }: StoreOptions): Promise<void> {
  const requestHash = hashRequest(receipt.request)
  let refused = 0
  for (;;) {
    const next = await findFreeNumber(receipt, requestHash, { store, signal })
    if (next === undefined) return
    const key = receiptKey(requestHash, next)
    if (await store.putIfAbsent(key, formatReceipt(receipt), { signal })) return
    // Another machine was faster, with this answer or another one: then the number is taken now.
    if (next === refused) throw unreachable(store.name, 'refuses an object that it does not have')
    refused = next
  }
}

/** Returns the number of the next answer to a request; `undefined` if the store has this one. */
async function findFreeNumber(
  receipt: Receipt,
  requestHash: string,
  { store, signal }: StoreOptions,
): Promise<number | undefined> {
  let last = 0
  let damaged = 0
  const options = { store, onDamaged: () => {}, signal }
  for await (const existing of readReceipts(requestHash, options)) {
    if (hasPictures(existing.receipt, receipt)) return undefined
    last = existing.number
    damaged = existing.receipt === undefined ? damaged + 1 : 0
  }
  if (damaged >= MAX_DAMAGED) {
    throw new LimnError(
      'remote/invalid',
      `The remote store ${store.name} has ${damaged} damaged answers to one request.`,
      { hint: 'Delete them with `limn cache verify --delete`.' },
    )
  }
  if (last < MAX_ANSWERS) return last + 1
  throw new LimnError(
    'remote/invalid',
    `The remote store ${store.name} has ${MAX_ANSWERS} answers to one request already.`,
    { hint: 'Delete old answers with `limn cache gc --older-than DAYS`.' },
  )
}

function hasPictures(existing: Receipt | undefined, { pictures }: Receipt): boolean {
  const known = new Set(existing?.pictures.map(({ sha256 }) => sha256))
  return pictures.every(({ sha256 }) => known.has(sha256))
}
