import { deflateSync } from 'fflate'
import { expect, test } from 'vitest'
import { hashOf, isShareable, textOf } from './share.ts'

test.each(['', 'version: 1\n', 'prompt: 灯塔 🗼\r\n', `${'a: é\n'.repeat(2000)}`])(
  'restores the text of a link (%#)',
  (text) => {
    const hash = hashOf(text)
    expect(hash).toMatch(/^#m=[\w-]*$/)
    expect(textOf(hash)).toBe(text)
  },
)

test.each(['', '#prompts', '#m', '#manifest=x'])('ignores the anchor %j', (hash) => {
  expect(textOf(hash)).toBeUndefined()
})

const bomb = Buffer.from(deflateSync(new Uint8Array(50_000_000))).toString('base64url')
const whole = hashOf('version: 1\nassets: {}\n')

test.each([
  ['no letters', '#m='],
  ['other letters', '#m=%%%'],
  ['a link that was cut', whole.slice(0, -6)],
  ['other bytes', `#m=${Buffer.from('hello there').toString('base64url')}`],
  [
    'bytes that are no text',
    `#m=${Buffer.from(deflateSync(Uint8Array.of(0xff, 0xfe, 0xff))).toString('base64url')}`,
  ],
  ['a text that is too long', `#m=${bomb}`],
])('rejects a link with %s', (_, hash) => {
  expect(() => textOf(hash)).toThrow('The manifest in this link is damaged or too long.')
})

test('limits what can be shared to what a link restores', () => {
  expect(isShareable('x'.repeat(64 * 1024))).toBe(true)
  expect(isShareable('é'.repeat(33 * 1024))).toBe(false)
})
