import { hash } from 'node:crypto'

/** Computes the SHA-256 of bytes or of UTF-8 text, as 64 lowercase hex digits. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex')
}

/**
 * The digests that stand for the content of a file: the one that Limn records, then those of the
 * same text with other line endings. Only a text has others.
 */
export type Digests = readonly [recorded: string, ...others: string[]]

/**
 * Computes the digests of a picture. Git may rewrite the line endings of a text, which an SVG is:
 * the recorded digest is the one with LF.
 */
export function digestsOf(bytes: Uint8Array): Digests {
  if (!isText(bytes)) return [sha256(bytes)]
  // Latin-1 keeps every byte.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const unix = text.replaceAll('\r\n', '\n')
  const variants = [unix, unix.replaceAll('\n', '\r\n'), text].map((variant) =>
    sha256(Buffer.from(variant, 'latin1')),
  )
  return [...new Set(variants)] as unknown as Digests
}

/** Computes the digest that Limn records for a picture: see `digestsOf`. */
export function pictureDigest(bytes: Uint8Array): string {
  return isText(bytes) ? digestsOf(bytes)[0] : sha256(bytes)
}

/** Returns whether a digest is one of those of a picture. */
export function hasDigest(bytes: Uint8Array, digest: string): boolean {
  return isText(bytes) ? digestsOf(bytes).includes(digest) : sha256(bytes) === digest
}

/** White space, `<`, and the first byte of a UTF-8 byte order mark: no other picture starts so. */
const FIRST_BYTES_OF_TEXT: readonly number[] = [0x09, 0x0a, 0x0d, 0x20, 0x3c, 0xef]
/** Git takes a file for binary if it has a NUL among its first bytes. */
const BYTES_THAT_GIT_READS = 8000

function isText(bytes: Uint8Array): boolean {
  return (
    FIRST_BYTES_OF_TEXT.includes(bytes[0]!) && !bytes.subarray(0, BYTES_THAT_GIT_READS).includes(0)
  )
}

/**
 * Formats a value as JSON without white space and with the keys of all objects in code-unit order,
 * so that equal values have equal text. Omits keys whose value is `undefined`.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const entries = Object.entries(value).filter(([, v]) => v !== undefined)
  entries.sort(([a], [b]) => compareText(a, b))
  return `{${entries.map(([key, v]) => `${JSON.stringify(key)}:${canonicalJson(v)}`).join(',')}}`
}

/** Compares two texts by code units, for an order that is the same in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
