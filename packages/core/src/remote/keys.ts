/*
 * The keys of a store: see docs/decisions/remote-store.md. The two first digits of a hash are a folder
 * of their own, so that no folder and no prefix has too many entries.
 */

/** Version of the layout and of the records. */
export const REMOTE_VERSION = 1

const ROOT = `v${REMOTE_VERSION}/`

/** The prefix of each kind of object. */
export const prefixes: Readonly<Record<'pictures' | 'requests' | 'claims' | 'batches', string>> = {
  pictures: `${ROOT}pictures/`,
  requests: `${ROOT}requests/`,
  claims: `${ROOT}claims/`,
  batches: `${ROOT}batches/`,
}

/** Returns the key of a picture by its digest. */
export function pictureKey(digest: string): string {
  return `${prefixes.pictures}${digest.slice(0, 2)}/${digest}`
}

/** Returns the key of the receipt of an answer; `number` counts the answers to a request from 1. */
export function receiptKey(requestHash: string, number: number): string {
  const suffix = number === 1 ? '' : `+${number}`
  return `${prefixes.requests}${requestHash.slice(0, 2)}/${requestHash}${suffix}`
}

/** Returns the key of a claim on a request; `number` counts the links of the chain from 1. */
export function claimKey(requestHash: string, number: number): string {
  return `${prefixes.claims}${requestHash.slice(0, 2)}/${requestHash}/${number}`
}

/** Returns the key of the record of the batch that a request was sent in. */
export function batchKey(requestHash: string): string {
  return `${prefixes.batches}${requestHash.slice(0, 2)}/${requestHash}`
}

/** What a key names. */
export type ParsedKey =
  | { kind: 'picture'; digest: string }
  | { kind: 'receipt'; requestHash: string; number: number }
  | { kind: 'claim'; requestHash: string; number: number }
  | { kind: 'batch'; requestHash: string }

const PICTURE = /^v1\/pictures\/([0-9a-f]{2})\/(\1[0-9a-f]{62})$/
const RECEIPT = /^v1\/requests\/([0-9a-f]{2})\/(\1[0-9a-f]{62})(?:\+([1-9]\d{0,2}))?$/
const BATCH = /^v1\/batches\/([0-9a-f]{2})\/(\1[0-9a-f]{62})$/
const CLAIM = /^v1\/claims\/([0-9a-f]{2})\/(\1[0-9a-f]{62})\/([1-9]\d{0,8})$/

/** Parses a key; `undefined` for one that Limn does not write. */
export function parseKey(key: string): ParsedKey | undefined {
  const picture = PICTURE.exec(key)
  if (picture !== null) return { kind: 'picture', digest: picture[2]! }
  const receipt = RECEIPT.exec(key)
  if (receipt !== null) {
    return { kind: 'receipt', requestHash: receipt[2]!, number: Number(receipt[3] ?? 1) }
  }
  const batch = BATCH.exec(key)
  if (batch !== null) return { kind: 'batch', requestHash: batch[2]! }
  const claim = CLAIM.exec(key)
  if (claim === null) return undefined
  return { kind: 'claim', requestHash: claim[2]!, number: Number(claim[3]) }
}
