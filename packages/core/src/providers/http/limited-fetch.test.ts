import type { RequestListener } from 'node:http'
import { expect, test } from 'vitest'
import { serve } from '../testing.ts'
import { limitFetch, maxAnswerBytes, maxStreamBytes } from './limited-fetch.ts'

const MB = 1024 * 1024

test('hangs up where an answer is longer than its pictures can be', async () => {
  const origin = await serve((_, response) => response.end(Buffer.alloc(3 * MB)))
  const read = async (maxBytes: number): Promise<ArrayBuffer> =>
    (await limitFetch({ maxBytes, silenceMs: 60_000 })(origin)).arrayBuffer()
  await expect(read(MB)).rejects.toMatchObject({
    code: 'provider/bad-answer',
    message: "The server's answer has more than 1048576 bytes.",
  })
  expect((await read(4 * MB)).byteLength).toBe(3 * MB)
})

test('leaves room for every picture at its largest, and for those on the way', () => {
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
  'waits for a server that falls silent %s as long as it is told to, not as long as Node does',
  async (_, begin, code) => {
    const origin = await serve((_request, response) => {
      begin(response)
    })
    const asked = limitFetch({ maxBytes: MB, silenceMs: 100 })(origin).then((response) =>
      response.text(),
    )
    await expect(asked).rejects.toMatchObject({ cause: { code } })
  },
)
