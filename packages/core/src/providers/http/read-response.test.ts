import { expect, test } from 'vitest'
import { readResponse } from './read-response.ts'

const base64 = Buffer.from('picture').toString('base64')
const json = JSON.stringify({ data: [{ b64_json: base64 }] })
const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

function respond(body: string | Uint8Array, type: string | null): Response {
  // One byte at a time, as the slowest network does.
  const bytes = Buffer.from(body)
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at++) controller.enqueue(bytes.subarray(at, at + 1))
      controller.close()
    },
  })
  return new Response(stream, { headers: type === null ? {} : { 'content-type': type } })
}

async function valueOf(response: Response): Promise<unknown> {
  const body = await readResponse(response)
  if (body.kind === 'events') throw new Error('It is a stream of events.')
  return body.value
}

test.each([
  'application/json; charset=utf-8',
  'text/plain',
  'text/html',
  'text/event-stream',
  'application/octet-stream',
  null,
])('reads JSON that is sent as %s', async (type) => {
  for (const body of [json, `\ufeff${json}`, `\r\n  ${json}`]) {
    expect(await valueOf(respond(body, type))).toEqual({
      data: [{ b64_json: Buffer.from('picture') }],
    })
  }
})

test.each(['text/event-stream', 'application/json', 'text/plain', null])(
  'reads events that are sent as %s',
  async (type) => {
    for (const text of [
      `data: ${json}\n\n`,
      `event: x\r\ndata:${json}\r\n\r\n`,
      `:\n\ndata: ${json}`,
    ]) {
      const body = await readResponse(respond(text, type))
      if (body.kind !== 'events') throw new Error('It is no stream of events.')
      const values: unknown[] = []
      for await (const { value } of body.events) values.push(value)
      expect(values).toMatchObject([{ data: [{}] }])
    }
  },
)

test.each(['image/png', 'application/json', null])(
  'takes a picture that is sent as %s',
  async (type) => {
    expect(await valueOf(respond(png, type))).toEqual({ data: [{ b64_json: png }] })
  },
)

test('returns text that is no JSON, and rejects what only claims to be JSON', async () => {
  const page = '<html><script>{"url":"https://example.com/"}</script></html>'
  expect(await valueOf(respond(page, 'text/html'))).toBe(page)
  expect(await valueOf(respond('', 'application/json'))).toBeUndefined()
  await expect(valueOf(respond('{"data":[', 'application/json'))).rejects.toThrow(SyntaxError)
})

async function eventsOf(response: Response): Promise<unknown[]> {
  const body = await readResponse(response)
  if (body.kind !== 'events') throw new Error('It is no stream of events.')
  const events: unknown[] = []
  for await (const event of body.events) events.push(event)
  return events
}

const partial = JSON.stringify({ type: 'image_generation.partial_image', b64_json: base64 })
const completed = JSON.stringify({ type: 'image_generation.completed', b64_json: base64 })

test.each([
  ['one per line', `${partial}\n${completed}\n`],
  ['one per line, with CR LF and a byte order mark', `\ufeff${partial}\r\n\r\n${completed}`],
  ['without a line break', `${partial}${completed}`],
  ['as a JSON text sequence', `\x1e${partial}\n\x1e${completed}\n`],
  ['of which one is damaged', `${partial}\n{"type":broken}\n${completed}`],
])('reads several values %s', async (_, text) => {
  for (const type of ['application/x-ndjson', 'application/json', 'text/plain', null]) {
    expect(await eventsOf(respond(text, type))).toMatchObject([
      { type: 'image_generation.partial_image' },
      { type: 'image_generation.completed', value: { b64_json: Buffer.from('picture') } },
    ])
  }
})

test.each([
  ['a prefix against inclusion', `)]}',\n${json}`],
  ['text after it', `${json}\n-- sent by a proxy`],
])('reads JSON with %s', async (_, text) => {
  expect(await valueOf(respond(text, 'application/json'))).toEqual({
    data: [{ b64_json: Buffer.from('picture') }],
  })
})

test.each(['text/plain', 'application/json', 'application/octet-stream', null])(
  'reads a data: URL that is sent as %s as text',
  async (type) => {
    const url = `data:image/png;base64,${base64}`
    expect(await valueOf(respond(url, type))).toBe(url)
  },
)

test.each([
  ['JSON with pictures', `{ "data" : [{"b64_json":"${base64}"},\n{"b64_json": "aGk="}] }`],
  ['damaged JSON', `{"data":[{"b64_json":"${base64}"},{"url":"http://a.example/x?a=%2f`],
  ['a stream', `event: x\r\ndata: {broken\r\n\r\ndata: ${json}\n\n`],
  ['text', 'The model is loading. \u00e9'],
  ['bytes that are not text', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00])],
])('returns %s whole', async (_, body) => {
  let whole: (() => Uint8Array) | undefined
  const read = await readResponse(respond(body, null), (arrived) => (whole = arrived))
  if (read.kind === 'events') for await (const event of read.events) void event
  expect(Buffer.from(whole!())).toEqual(Buffer.from(body as string))
})
