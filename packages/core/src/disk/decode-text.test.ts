import { expect, test } from 'vitest'
import { decodeText } from './decode-text.ts'

const text = 'KEY=wert ä 图\r\nOTHER=\uFEFFinside\n'
const swap = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16()

test.each([
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
  ['UTF-16 LE', Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['UTF-16 BE', swap(Buffer.from(`\uFEFF${text}`, 'utf16le'))],
])('decodes %s', (_, bytes) => {
  expect(decodeText(bytes)).toBe(text)
})

test.each([[[]], [[0xff]], [[0xfe]], [[0xef, 0xbb]]])('decodes %j, which has no mark', (bytes) => {
  expect(decodeText(Uint8Array.from(bytes))).toBe(Buffer.from(bytes).toString('utf8'))
})
