import sharp from 'sharp'
import { expect, test } from 'vitest'
import { errors, type Fault } from '../../../../../fixtures/openai-server/index.ts'
import type { InputPicture } from '../../pictures/input-picture.ts'
import { mayBeBilled, type ProviderError } from '../provider.ts'
import { createPair, request } from './testing.ts'

const picture = async (): Promise<InputPicture> => ({
  role: 'image',
  format: 'png',
  bytes: await sharp({ create: { width: 64, height: 64, channels: 3, background: 'teal' } })
    .png()
    .toBuffer(),
})

test.each(['generate', 'edit'] as const)(
  'reports each partial picture while the server is still drawing (%s)',
  async (operation) => {
    const { server, provider } = await createPair()
    let release = (): void => {}
    server.next({ kind: 'hold', until: new Promise<void>((resolve) => (release = resolve)) })
    const partials: { index: number; size: string; drawing: number }[] = []
    const frames: Promise<void>[] = []
    const onPartial = (bytes: Uint8Array, index: number): void => {
      const drawing = server.inFlight
      frames.push(
        sharp(bytes)
          .metadata()
          .then(
            ({ width, height }) =>
              void partials.push({ index, size: `${width}x${height}`, drawing }),
          ),
      )
      // The server sends the end only now: a partial held back until then would never arrive.
      if (index === 2) release()
    }
    const inputs = operation === 'edit' ? [await picture()] : []
    const { images, usage } = await provider.generate(
      { ...request, operation },
      { inputs, partials: 3, onPartial },
    )
    await Promise.all(frames)
    expect(partials.toSorted((a, b) => a.index - b.index)).toEqual(
      [0, 1, 2].map((index) => ({ index, size: '816x816', drawing: 1 })),
    )
    expect(await sharp(images[0]).metadata()).toMatchObject({
      format: 'png',
      width: 816,
      height: 816,
    })
    expect(usage!.outputTokens).toBeGreaterThan(300)
    expect(server.requests).toMatchObject([
      { path: `/v1/images/${operation === 'edit' ? 'edits' : 'generations'}`, status: 200 },
    ])
  },
)

test('returns the same picture as without streaming', async () => {
  const { provider } = await createPair()
  const [streamed, whole] = [
    await provider.generate(request, { partials: 0 }),
    await provider.generate(request, {}),
  ]
  expect(Buffer.from(streamed.images[0]!).equals(whole.images[0]!)).toBe(true)
  expect(streamed.requestId).toMatch(/^req_/)
})

test('reads the answer of a server without streaming', async () => {
  const { server, provider } = await createPair()
  const text = JSON.stringify({
    data: [{ b64_json: Buffer.from('picture').toString('base64') }],
    usage: { output_tokens: 9 },
  })
  server.next({ kind: 'body', status: 200, contentType: 'application/json', text })
  const { images, usage } = await provider.generate(request, { partials: 2 })
  expect(Buffer.from(images[0]!).toString()).toBe('picture')
  expect(usage).toMatchObject({ outputTokens: 9 })
})

test('requests one picture from a model that streams one, and several from one that streams several', async () => {
  const { server, provider } = await createPair()
  expect((await provider.generate(request, { count: 3, partials: 0 })).images).toHaveLength(1)
  expect(
    (await provider.generate({ ...request, model: 'gpt-image-2' }, { count: 3, partials: 0 }))
      .images,
  ).toHaveLength(3)
  expect(server.requests.map(({ body, status }) => [body['n'], status])).toEqual([
    [1, 200],
    [3, 200],
  ])
})

test.each(['gif', 'svg'] as const)('never streams %s', async (format) => {
  const { server, provider } = await createPair()
  await provider.generate(
    {
      ...request,
      model: 'gpt-image-2.6-flare',
      size: format === 'gif' ? '384x384' : '816x816',
      format,
    },
    { partials: 2, count: 2 },
  )
  const { body, status } = server.requests[0]!
  expect(status).toBe(200)
  expect(body).not.toHaveProperty('stream')
  expect(body['n']).toBe(format === 'svg' ? 1 : 2)
})

const events = (text: string): Fault => ({
  kind: 'body',
  status: 200,
  contentType: 'text/event-stream',
  text,
})
const event = (type: string, value: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...value })}\n\n`
const base64 = Buffer.from('picture').toString('base64')

test.each<[string, Fault, code: string, message: RegExp]>([
  [
    'ends without its completed event',
    { kind: 'endStream', afterFrames: 1 },
    'provider/network',
    /^The stream ended before the picture was complete\. The picture may have been billed/,
  ],
  [
    'ends before anything arrives',
    { kind: 'endStream', afterFrames: 0 },
    'provider/network',
    /ended before the picture was complete/,
  ],
  [
    'is cut',
    { kind: 'cut', afterBytes: 5000 },
    'provider/network',
    /connection broke before the picture arrived/,
  ],
  [
    'carries an error',
    { kind: 'streamError', afterFrames: 1, error: errors.serverError },
    'provider/server',
    /The server had an error/,
  ],
  [
    'is rejected while the picture is drawn',
    { kind: 'streamError', afterFrames: 1, error: errors.moderationAtOutput },
    'provider/moderation',
    /rejected the generated picture: violence, self-harm/,
  ],
  [
    'carries a rate limit',
    { kind: 'streamError', afterFrames: 0, error: errors.rateLimited },
    'provider/rate-limit',
    /rate limit/,
  ],
  [
    'has an error in plain text',
    events('data: {"error":"GPU lost"}\n\n'),
    'provider/refused',
    /GPU lost/,
  ],
  [
    'has broken base64',
    events(event('image_generation.completed', { b64_json: '***' })),
    'provider/bad-answer',
    /not valid base64/,
  ],
  [
    'has no picture in its last event',
    events(event('image_generation.completed', {})),
    'provider/bad-answer',
    /without a picture/,
  ],
  [
    'has broken JSON',
    events('event: image_generation.completed\ndata: {"b64_json":"AAAA\n\n'),
    'provider/bad-answer',
    /not in the format of the Images API/,
  ],
  [
    'has data of another kind',
    events('data: 7\n\ndata: null\n\ndata: []\n\n'),
    'provider/network',
    /ended before the picture was complete/,
  ],
])('counts a stream that %s as billed and does not retry', async (_, fault, code, message) => {
  const { server, provider } = await createPair()
  server.next(fault)
  const error = (await provider
    .generate(request, { partials: 2, onPartial: () => {} })
    .catch((problem: unknown) => problem)) as ProviderError
  expect(error).toMatchObject({
    name: 'ProviderError',
    code,
    message: expect.stringMatching(message),
    hint: expect.any(String),
    retry: undefined,
  })
  expect(mayBeBilled(error)).toBe(true)
  expect(server.requests).toHaveLength(1)
})

test('retries if the server refused before it began to stream', async () => {
  const { server, provider } = await createPair()
  server.next(errors.serverError)
  const error = (await provider
    .generate(request, { partials: 2 })
    .catch((problem: unknown) => problem)) as ProviderError
  expect(error).toMatchObject({ code: 'provider/server', retry: {} })
  expect(mayBeBilled(error)).toBe(false)
})

test('skips a broken partial picture, and keeps the final one', async () => {
  const { server, provider } = await createPair()
  const partial = (index: number, b64_json: unknown): string =>
    event('image_generation.partial_image', { b64_json, partial_image_index: index })
  server.next(
    events(
      partial(0, '***') +
        partial(1, base64) +
        partial(2, 7) +
        ': still there\n\n' +
        event('image_generation.completed', { b64_json: base64 }),
    ),
  )
  const seen: number[] = []
  const { images } = await provider.generate(request, {
    partials: 3,
    onPartial: (_, index) => void seen.push(index),
  })
  expect(seen).toEqual([1])
  expect(Buffer.from(images[0]!).toString()).toBe('picture')
})

test('keeps the pictures that arrived before the stream broke', async () => {
  const { server, provider } = await createPair()
  server.next(
    events(
      event('image_generation.completed', { b64_json: base64 }) +
        'data: {"error":{"message":"GPU lost"}}\n\n',
    ),
  )
  expect(
    (await provider.generate({ ...request, model: 'gpt-image-2' }, { count: 2, partials: 0 }))
      .images,
  ).toHaveLength(1)
})

test('gives up on a stream that stops sending', async () => {
  const { server, provider } = await createPair({ timeoutMs: 1500 })
  server.next({ kind: 'hold', until: new Promise(() => {}) })
  let partials = 0
  const pending = provider.generate(request, { partials: 1, onPartial: () => void partials++ })
  await expect(pending).rejects.toMatchObject({ code: 'provider/timeout', retry: undefined })
  expect(partials).toBe(1)
})

test('closes the connection within a stream when it is aborted', async () => {
  const { server, provider } = await createPair()
  server.next({ kind: 'hold', until: new Promise(() => {}) })
  const stop = new AbortController()
  await expect(
    provider.generate(request, { partials: 1, signal: stop.signal, onPartial: () => stop.abort() }),
  ).rejects.toMatchObject({ code: 'aborted' })
  while (server.inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(server.requests[0]!.aborted).toBe(true)
})

const completed = event('image_generation.completed', { b64_json: base64 })

test.each([
  ['damaged data before it', `data: {broken\n\n${completed}`],
  [
    'a damaged partial before it',
    `event: image_generation.partial_image\ndata: {"b6\n\n${completed}`,
  ],
  ['an unknown event before it', event('image_generation.queued', { place: 3 }) + completed],
  ['an event of another kind of data', `data: [1, 2]\n\ndata: null\n\n${completed}`],
  ['an error before it', `data: {"error":{"message":"A worker was lost"}}\n\n${completed}`],
  ['no event names', `data: ${JSON.stringify({ b64_json: base64 })}\n\ndata: [DONE]\n\n`],
  [
    'the whole answer in one event',
    `data: ${JSON.stringify({ data: [{ b64_json: base64 }] })}\n\n`,
  ],
  ['no empty lines', `data: {"type":"ping"}\ndata: ${JSON.stringify({ b64_json: base64 })}\n`],
  ['only carriage returns', completed.replaceAll('\n', '\r')],
  [
    'damaged usage',
    `event: image_generation.completed\ndata: {"b64_json":"${base64}","usage":{"n":NaN}}\n\n`,
  ],
])('keeps the picture of a stream with %s', async (_, text) => {
  const { server, provider } = await createPair()
  for (const partials of [1, undefined]) {
    server.next(events(text))
    const { images } = await provider.generate(request, { partials })
    expect(images.map((bytes) => Buffer.from(bytes).toString())).toEqual(['picture'])
  }
})

test('never takes a partial for the final picture', async () => {
  const { server, provider } = await createPair()
  server.next(
    events(`event: image_generation.partial_image\ndata: {"b64_json":"${base64}","usage":NaN}\n\n`),
  )
  await expect(provider.generate(request, { partials: 1 })).rejects.toMatchObject({
    code: 'provider/network',
  })
})
