import { hashRequest, type ImageRequest } from '../identity/request.ts'
import { isObject } from '../is-object.ts'
import { isDigest, parseImageRequest, parseMasterRecord } from '../lock/codec.ts'
import type { MasterRecord } from '../lock/lock.ts'
import { REMOTE_VERSION } from './keys.ts'

/** A picture of an answer: its digest, and its size in bytes. */
export type RemotePicture = { sha256: string; bytes: number }

/** What the store records about an answer. The first picture is the master. */
export type Receipt = {
  request: ImageRequest
  made: MasterRecord
  pictures: readonly RemotePicture[]
}

/** Largest receipt that is read, bytes. A prompt has at most 32,000 characters. */
export const MAX_RECEIPT_BYTES: number = 1024 * 1024
/** Most pictures of one answer. */
const MAX_PICTURES = 100

/** Formats a receipt as the store contains it. */
export function formatReceipt({ request, made, pictures }: Receipt): Uint8Array {
  return Buffer.from(JSON.stringify({ version: REMOTE_VERSION, request, made, pictures }))
}

/**
 * Parses a receipt, which anybody may have written.
 *
 * @param requestHash the hash in the key of the receipt
 * @returns `undefined` if a part is damaged, or it answers another request
 */
export function parseReceipt(bytes: Uint8Array, requestHash: string): Receipt | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    if (!isObject(value) || value['version'] !== REMOTE_VERSION) return undefined
    const request = parseImageRequest(value['request'])
    const made = parseMasterRecord(value['made'])
    const pictures = parsePictures(value['pictures'])
    if (request === undefined || made === undefined || pictures === undefined) return undefined
    return hashRequest(request) === requestHash ? { request, made, pictures } : undefined
  } catch {
    return undefined
  }
}

function parsePictures(value: unknown): RemotePicture[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_PICTURES) return undefined
  const pictures = value.map((each: unknown) => {
    if (!isObject(each)) return undefined
    const { sha256, bytes } = each
    const isSound = isDigest(sha256) && Number.isSafeInteger(bytes) && (bytes as number) > 0
    return isSound ? { sha256, bytes: bytes as number } : undefined
  })
  return pictures.every((each) => each !== undefined) ? pictures : undefined
}
