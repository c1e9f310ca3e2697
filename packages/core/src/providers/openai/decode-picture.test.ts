import { expect, test } from 'vitest'
import { toBytes } from './decode-picture.ts'

const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xfb, 0xff, 0xbf, 0x3e])
const base64 = bytes.toString('base64')
const percent = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')

test.each([
  base64,
  base64.replace(/=/g, ''),
  bytes.toString('base64url'),
  `${base64.slice(0, 4)}\r\n ${base64.slice(4)}\n`,
  `data:image/png;base64,${base64}`,
  `  data:image/png;base64,\n${base64}`,
  `DATA:IMAGE/PNG;BASE64,${base64}`,
  `data:image/png;name=a.png;charset=utf-8; base64 ,${base64}`,
  `data:;base64,${base64}`,
  `data:image/png;base64,${encodeURIComponent(base64)}`,
  `data:image/png;base64,${bytes.toString('base64url')}`,
  `data:image/png,${percent}`,
])('decodes %j', (text) => {
  expect(Buffer.from(toBytes(text))).toEqual(bytes)
})

test('decodes the text of an SVG', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="100%"><text>é</text></svg>'
  for (const body of [encodeURIComponent(svg), svg]) {
    expect(Buffer.from(toBytes(`data:image/svg+xml;utf8,${body}`)).toString()).toBe(svg)
  }
})

test.each(['', 'data:image/png;base64,', 'data:image/png', 'not base64!', `${base64}#`])(
  'rejects %j',
  (text) => {
    expect(() => toBytes(text)).toThrow(/valid/)
  },
)
