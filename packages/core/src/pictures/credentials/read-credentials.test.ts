import { readFileSync } from 'node:fs'
import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { findStore } from './find-store.ts'
import { readCredentials } from './read-credentials.ts'

/** Formats a value as CBOR. */
function cbor(value: unknown): Buffer {
  const head = (kind: number, count: number): Buffer =>
    count < 24
      ? Buffer.from([(kind << 5) | count])
      : Buffer.from([(kind << 5) | 25, count >> 8, count & 255])
  if (typeof value === 'number') return head(0, value)
  if (typeof value === 'string') {
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  }
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)])
  if (value === null) return Buffer.from([0xf6])
  const entries =
    value instanceof Map ? [...(value as Map<unknown, unknown>)] : Object.entries(value as object)
  return Buffer.concat([head(5, entries.length), ...entries.flat().map(cbor)])
}

function box(type: string, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(content.length + 8)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, content])
}

function named(label: string, ...contents: Buffer[]): Buffer {
  const description = box('jumd', Buffer.alloc(16), Buffer.from([3]), Buffer.from(`${label}\0`))
  return box('jumb', description, ...contents)
}

/** A self-signed certificate of "Example Pictures Ltd". */
const certificate = Buffer.from(
  [
    'MIIB0jCCAXegAwIBAgIUHtjH1HYPLAU2MlXgvY4VBSm1O4wwCgYIKoZIzj0EAwIwPTELMAkGA1UEBhMCR0IxHTAbBg',
    'NVBAoMFEV4YW1wbGUgUGljdHVyZXMgTHRkMQ8wDQYDVQQDDAZTaWduZXIwIBcNMjYxMTMwMjEwODU5WhgPMjEyNjEx',
    'MDYyMTA4NTlaMD0xCzAJBgNVBAYTAkdCMR0wGwYDVQQKDBRFeGFtcGxlIFBpY3R1cmVzIEx0ZDEPMA0GA1UEAwwGU2',
    'lnbmVyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEhWm68+8o6eURmYB6AfdSQAXMYLB065m/7pojnB/iREKQrQ9y',
    'KxnouShVugeNok2zxgBWmTtZny3JL5SnMMutMKNTMFEwHQYDVR0OBBYEFOI+znB6AdbJRNncWrv6YstXLAvxMB8GA1',
    'UdIwQYMBaAFOI+znB6AdbJRNncWrv6YstXLAvxMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAIHj',
    'BzdudgPM8q6JNql9mCtU69aaftNWG7uSLxUuHBLwAiEAuxRKONuXSigYMdC7nF+G9nTCc9vGcVL2wRl1zGlq798=',
  ].join(''),
  'base64',
)

/** A self-signed certificate of "Example, Inc.". */
const withComma = Buffer.from(
  [
    'MIIBuTCCAV+gAwIBAgIUGYZ+0cPQcGa4ekzka9z1wdFxbxMwCgYIKoZIzj0EAwIwMTELMAkGA1UEBhMCR0IxFjAUBgNV',
    'BAoMDUV4YW1wbGUsIEluYy4xCjAIBgNVBAMMAXgwIBcNMjYxMjAxMDAzOTE4WhgPMjEyNjExMDcwMDM5MThaMDExCzAJ',
    'BgNVBAYTAkdCMRYwFAYDVQQKDA1FeGFtcGxlLCBJbmMuMQowCAYDVQQDDAF4MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD',
    'QgAER9FTYNr7MNYe3h3dkTf3vV+8pNQ6UARNBl5b6suy9VfD6KAMj1ThwKEMHrcGhbc6BBDcbeBfr3MfPjlsB0GhK6NT',
    'MFEwHQYDVR0OBBYEFJeZcH7O6dpfAp4b2mGTWfJmAhkNMB8GA1UdIwQYMBaAFJeZcH7O6dpfAp4b2mGTWfJmAhkNMA8G',
    'A1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAPx53C+XLLGQfEN+UP78PukoRctT3NPT1Zw82+NGuUwGAiBg',
    'IIzLdF4wzJj4JNgC3wCm7f+b/1pG4D3uuGyg4KZg/A==',
  ].join(''),
  'base64',
)

function storeOf({
  claim,
  signer = certificate,
  headers = {},
  when,
}: {
  claim: unknown
  signer?: Buffer
  headers?: unknown
  when?: string
}): Buffer {
  const signature = [cbor(new Map([[33, signer]])), headers, null, Buffer.alloc(64)]
  const actions = { actions: [{ action: 'c2pa.created', ...(when && { when }) }] }
  const manifest = (label: string, generator: unknown): Buffer =>
    named(
      label,
      named('c2pa.assertions', named('c2pa.actions.v2', box('cbor', cbor(actions)))),
      named('c2pa.claim.v2', box('cbor', cbor(generator))),
      named('c2pa.signature', box('cbor', cbor(signature))),
    )
  return named(
    'c2pa',
    manifest('urn:c2pa:old', { claim_generator: 'old' }),
    manifest('urn:c2pa:new', claim),
  )
}

function png(store: Buffer): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)])
  }
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1A\n', 'latin1'),
    chunk('IHDR', Buffer.alloc(13)),
    chunk('caBX', store),
    chunk('IDAT', deflateSync(Buffer.alloc(4))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function webp(store: Buffer): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const length = Buffer.alloc(4)
    length.writeUInt32LE(data.length)
    return Buffer.concat([Buffer.from(type), length, data, Buffer.alloc(data.length % 2)])
  }
  return Buffer.concat([
    Buffer.from('RIFF\0\0\0\0WEBP'),
    chunk('VP8X', Buffer.alloc(11)),
    chunk('C2PA', store),
  ])
}

/** Cuts the store into segments of 100 bytes, each with the header of the box. */
function jpeg(store: Buffer): Buffer {
  const segments: Buffer[] = []
  for (let at = 8, number = 1; at < store.length; at += 100, number++) {
    const content = Buffer.concat([store.subarray(0, 8), store.subarray(at, at + 100)])
    const head = Buffer.from([0xff, 0xeb, 0, 0, 0x4a, 0x50, 0, 1, 0, 0, 0, number])
    head.writeUInt16BE(content.length + 10, 2)
    segments.push(head, content)
  }
  return Buffer.concat([Buffer.from([0xff, 0xd8]), ...segments, Buffer.from([0xff, 0xda])])
}

const info = { claim_generator_info: [{ name: 'Example Studio', version: '2.1' }] }

test.each([
  ['a PNG', png],
  ['a WebP', webp],
  ['a JPEG in several segments', jpeg],
])('reads who made %s, by its last manifest', (_, embed) => {
  const store = storeOf({ claim: info, when: '2026-11-30T08:15:00+01:00' })
  expect(readCredentials(embed(store))).toEqual({
    generator: 'Example Studio 2.1',
    issuer: 'Example Pictures Ltd',
    at: '2026-11-30T07:15:00.000Z',
  })
})

test.each([
  ['a JPEG', (jpegFile: Buffer) => jpegFile],
  ['a PNG', (jpegFile: Buffer) => png(Buffer.from(findStore(jpegFile)!))],
  ['a WebP', (jpegFile: Buffer) => webp(Buffer.from(findStore(jpegFile)!))],
  // Other writers split the box at other places.
  ['a JPEG in several segments', (jpegFile: Buffer) => jpeg(Buffer.from(findStore(jpegFile)!))],
])('reads the store of a signing tool in %s', (_, embed) => {
  const file = readFileSync(
    new URL('../../../../../fixtures/credentials/signed.jpg', import.meta.url),
  )
  expect(readCredentials(embed(file))).toEqual({
    generator: 'MIPAMS GENERATOR 0.1',
    issuer: 'C2PA Test Signing Cert',
    at: '2025-04-13T08:59:06.239Z',
  })
})

test('names an organisation with a comma as it is written', () => {
  const store = storeOf({ claim: info, signer: withComma })
  expect(readCredentials(png(store))).toMatchObject({ issuer: 'Example, Inc.' })
})

test('prefers the time of an authority, and the generator with a version', () => {
  const token = Buffer.concat([
    Buffer.from([0x30, 0x20, 0x18, 0x0f]),
    Buffer.from('20261129101112Z'),
  ])
  const headers = { sigTst2: { tstTokens: [{ val: token }] } }
  const store = storeOf({
    claim: { claim_generator_info: { name: 'Studio' }, claim_generator: 'c2pa-rs' },
    headers,
    when: '2020-01-01T00:00:00Z',
  })
  expect(readCredentials(png(store))).toMatchObject({
    generator: 'Studio',
    at: '2026-11-29T10:11:12.000Z',
  })
})

test.each([
  [{ claim_generator: 'Tool/1.0' }, 'Tool/1.0'],
  [{ claim_generator: 'a\nb\u202Ec' }, 'a↵b\uFFFDc'],
  [{ claim_generator: 'x'.repeat(5000) }, 'x'.repeat(200)],
  [{ claim_generator: 5 }, null],
  [{}, null],
])('names the generator of %j safely', (claim, generator) => {
  expect(readCredentials(png(storeOf({ claim })))).toMatchObject({ generator, at: null })
})

test('returns nothing for a picture without credentials, and for damaged ones', () => {
  const store = storeOf({ claim: info })
  const nested = Array.from({ length: 500 }).reduce<Buffer>((inner) => named('c2pa', inner), store)
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('<svg/>'),
    png(Buffer.alloc(0)),
    png(store.subarray(0, 40)),
    png(nested),
    png(Buffer.alloc(100, 0xff)),
    webp(Buffer.from('\0\0\0\x01jumb')),
    jpeg(store).subarray(0, 60),
    png(named('c2pa', named('urn', named('c2pa.claim', box('cbor', Buffer.alloc(5000, 0x81)))))),
    png(
      named('c2pa', named('urn', named('c2pa.claim', box('cbor', Buffer.from('bf6161', 'hex'))))),
    ),
    png(
      named(
        'c2pa',
        named('urn', named('c2pa.claim', box('cbor', Buffer.from('9bffffffffffffffff', 'hex')))),
      ),
    ),
  ]) {
    expect(readCredentials(bytes)).toBeNull()
  }
})

test('reads any change of a store without an error', () => {
  const store = storeOf({ claim: info, when: '2026-11-30T08:15:00Z' })
  for (let at = 0; at < store.length; at += 3) {
    const changed = Buffer.from(store)
    changed[at] = changed[at]! ^ 0xff
    expect(() => readCredentials(png(changed))).not.toThrow()
    expect(() => readCredentials(png(store.subarray(0, at)))).not.toThrow()
  }
})
