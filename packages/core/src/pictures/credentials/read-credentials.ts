import { X509Certificate } from 'node:crypto'
import { toOneLine } from '../../safe-text.ts'
import { type Box, readBoxes } from './boxes.ts'
import { type CborValue, readCbor } from './cbor.ts'
import { findStore } from './find-store.ts'

/**
 * What the Content Credentials of a picture say. Nothing is verified: they are shown as what the
 * file claims.
 */
export type Credentials = {
  /** The program that made the claim; `null` if it is not named. */
  generator: string | null
  /** Whose certificate signed it; `null` if it is not named. */
  issuer: string | null
  /** When it was signed, or when the picture was made, ISO 8601 in UTC; `null` if unknown. */
  at: string | null
}

/** Longest text that is shown, characters. */
const MAX_TEXT = 200

/** Reads the Content Credentials (C2PA) of a picture; `null` if it has none, or they are damaged. */
export function readCredentials(bytes: Uint8Array): Credentials | null {
  const store = findStore(bytes)
  if (store === undefined) return null
  const manifest = activeManifest(readBoxes(store))
  if (manifest === undefined) return null
  const claim = readMapOf(findBox(manifest, /^c2pa\.claim(\.v\d+)?$/))
  const signature = readSignature(findBox(manifest, /^c2pa\.signature$/))
  if (claim === undefined) return null
  return {
    generator: generatorOf(claim),
    issuer: signature === undefined ? null : issuerOf(signature),
    at: (signature && signedAt(signature)) ?? madeAt(manifest),
  }
}

/** The last manifest of a store is that of the picture itself. */
function activeManifest(boxes: readonly Box[]): Box | undefined {
  return boxes.find(({ label }) => label === 'c2pa')?.boxes.at(-1)
}

function findBox({ boxes }: Box, label: RegExp): Box | undefined {
  return boxes.find((box) => label.test(box.label))
}

type Fields = ReadonlyMap<CborValue, CborValue>

function readMapOf(box: Box | undefined): Fields | undefined {
  const value = valueOf(box)
  return value instanceof Map ? value : undefined
}

function valueOf(box: Box | undefined): CborValue | undefined {
  if (box?.cbor === undefined) return undefined
  try {
    return readCbor(box.cbor)
  } catch {
    return undefined
  }
}

function generatorOf(claim: Fields): string | null {
  const info = claim.get('claim_generator_info')
  const first = Array.isArray(info) ? info[0] : info
  if (first instanceof Map) {
    const name = textOf(first.get('name'))
    const version = textOf(first.get('version'))
    if (name !== null) return version === null ? name : `${name} ${version}`
  }
  return textOf(claim.get('claim_generator'))
}

/** The headers of a signature: COSE_Sign1, RFC 9052. */
type Signature = { isProtected: Fields; others: Fields }

function readSignature(box: Box | undefined): Signature | undefined {
  const value = valueOf(box)
  if (!Array.isArray(value) || value.length !== 4) return undefined
  const [head, others] = value
  let isProtected: CborValue = new Map()
  try {
    if (head instanceof Uint8Array && head.length > 0) isProtected = readCbor(head)
  } catch {
    // The other headers may say enough.
  }
  return {
    isProtected: isProtected instanceof Map ? isProtected : new Map(),
    others: others instanceof Map ? others : new Map(),
  }
}

/** The header with the chain of certificates, RFC 9360. */
const X5CHAIN = 33

function issuerOf({ isProtected, others }: Signature): string | null {
  const chain =
    [isProtected, others]
      .flatMap((fields) => [fields.get(X5CHAIN), fields.get('x5chain')])
      .find((each) => each !== undefined) ?? null
  const leaf = Array.isArray(chain) ? chain[0] : chain
  if (!(leaf instanceof Uint8Array)) return null
  try {
    const { subject } = new X509Certificate(leaf)
    const nameOf = (field: string): string | undefined =>
      new RegExp(`^${field}=(.+)$`, 'm').exec(subject)?.[1]
    return textOf(unescapeName(nameOf('O') ?? nameOf('CN')) ?? null)
  } catch {
    return null
  }
}

/** Resolves the escapes of a name, RFC 4514: `Adobe\\, Inc.`. */
function unescapeName(name: string | undefined): string | undefined {
  return name?.replace(/\\([ "#+,;<=>\\])/g, '$1')
}

/** Returns the time that an authority confirmed, RFC 3161. */
function signedAt({ others }: Signature): string | null {
  const stamps = ['sigTst2', 'sigTst']
    .map((name) => others.get(name))
    .find((value) => value instanceof Map)
  const tokens = stamps instanceof Map ? stamps.get('tstTokens') : undefined
  const token = Array.isArray(tokens) && tokens[0] instanceof Map ? tokens[0].get('val') : undefined
  if (!(token instanceof Uint8Array)) return null
  return findTime(Buffer.from(token))
}

/** Tag of a GeneralizedTime in DER. */
const GENERALIZED_TIME = 0x18

/** Returns the first time in DER. */
function findTime(bytes: Buffer): string | null {
  for (
    let at = bytes.indexOf(GENERALIZED_TIME);
    at >= 0;
    at = bytes.indexOf(GENERALIZED_TIME, at + 1)
  ) {
    const text = bytes.toString('latin1', at + 2, at + 2 + (bytes[at + 1] ?? 0))
    const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(text)
    if (found === null) continue
    const [, year, month, day, hour, minute, second] = found
    return timeOf(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  }
  return null
}

/** Returns when the first action of a picture happened. */
function madeAt(manifest: Box): string | null {
  const assertions = findBox(manifest, /^c2pa\.assertions$/)
  const actions =
    assertions && readMapOf(findBox(assertions, /^c2pa\.actions(\.v\d+)?$/))?.get('actions')
  const first = Array.isArray(actions) ? actions[0] : undefined
  return first instanceof Map ? timeOf(first.get('when')) : null
}

function timeOf(value: CborValue | undefined): string | null {
  const time = typeof value === 'string' ? Date.parse(value) : NaN
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}

function textOf(value: CborValue | undefined): string | null {
  if (typeof value !== 'string') return null
  const text = toOneLine(value.slice(0, MAX_TEXT)).trim()
  return text === '' ? null : text
}
