import type { RequestListener } from 'node:http'
import { expect, test } from 'vitest'
import { serve } from '../testing.ts'
import { limitFetch, maxAnswerBytes, maxStreamBytes } from './limited-fetch.ts'

const MB = 1024 * 1024

test('closes the connection when an answer exceeds its limit', async () => {
  const origin = await serve((_, response) => response.end(Buffer.alloc(3 * MB)))
  const read = async (maxBytes: number): Promise<ArrayBuffer> =>
    (await limitFetch({ maxBytes, silenceMs: 60_000, env: {} })(origin)).arrayBuffer()
  await expect(read(MB)).rejects.toMatchObject({
    code: 'provider/bad-answer',
    message: "The server's answer is larger than 1048576 bytes.",
  })
  expect((await read(4 * MB)).byteLength).toBe(3 * MB)
})

test('leaves room for every picture at its largest, partial ones included', () => {
  const largest = (64 * MB * 4) / 3
  expect(maxAnswerBytes(1)).toBeGreaterThan(largest)
  expect(maxAnswerBytes(2)).toBeGreaterThan(2 * largest)
  expect(maxStreamBytes(4)).toBeGreaterThan(4 * largest)
})

test.each([
  ['before it answers', () => {}, 'UND_ERR_HEADERS_TIMEOUT'],
  [
    'within its answer',
    (response: Parameters<RequestListener>[1]) => response.write('{'),
    'UND_ERR_BODY_TIMEOUT',
  ],
])(
  'waits `silenceMs` for a server that stops sending %s, not as long as Node does',
  async (_, begin, code) => {
    const origin = await serve((_request, response) => {
      begin(response)
    })
    const pending = limitFetch({ maxBytes: MB, silenceMs: 100, env: {} })(origin).then((response) =>
      response.text(),
    )
    await expect(pending).rejects.toMatchObject({ cause: { code } })
  },
)
