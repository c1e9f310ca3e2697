import { expect, test } from 'vitest'
import { errors, type Fault } from '../../../../../fixtures/openai-server/index.ts'
import { sha256 } from '../../digest.ts'
import type { ImageRequest } from '../../identity/request.ts'
import { resolveModel } from '../../models/models.ts'
import { servers } from '../../models/servers.ts'
import type { RateFacts } from '../provider.ts'
import { createOpenAIProvider } from './openai.ts'
import { createPair, request } from './testing.ts'

test.each<[string, Partial<ImageRequest>, Record<string, unknown>]>([
  [
    'the plainest request',
    { quality: 'auto' },
    { model: 'gpt-image-2.5-flare', prompt: 'A lighthouse', n: 1, size: '816x816' },
  ],
  [
    'every setting',
    { background: 'transparent', format: 'webp' },
    {
      model: 'gpt-image-2.5-flare',
      prompt: 'A lighthouse',
      n: 1,
      size: '816x816',
      quality: 'low',
      background: 'transparent',
      output_format: 'webp',
    },
  ],
  [
    'a retired model',
    { model: 'dall-e-3', size: '1024x1024', quality: 'standard' },
    {
      model: 'dall-e-3',
      prompt: 'A lighthouse',
      n: 1,
      size: '1024x1024',
      quality: 'standard',
      response_format: 'b64_json',
    },
  ],
  [
    'a fixed size',
    { model: 'gpt-image-1.5', size: '1024x1536', background: 'opaque' },
    {
      model: 'gpt-image-1.5',
      prompt: 'A lighthouse',
      n: 1,
      size: '1024x1536',
      quality: 'low',
      background: 'opaque',
    },
  ],
])('sends %s, and no other field', async (_, change, body) => {
  const { server, provider } = await createPair()
  const answer = await provider.generate({ ...request, ...change }, {})
  expect(server.requests.map((request) => [request.status, request.body])).toEqual([[200, body]])
  expect(answer.images).toHaveLength(1)
  expect(answer.requestId).toBe(server.requests[0]!.requestId)
})

test.each([
  ['gpt-image-2.5-flare', '816x816', 'safety_identifier'],
  ['dall-e-2', '1024x1024', 'user'],
])('identifies the end user to %s by a hash only', async (model, size, field) => {
  const { server, provider } = await createPair({ safetyIdentifier: 'web-team' })
  await provider.generate({ ...request, model, size, quality: 'auto' }, {})
  const { body } = server.requests[0]!
  expect(body[field]).toBe(sha256('web-team').slice(0, 32))
  expect(
    Object.keys(body).filter((name) => name === 'user' || name === 'safety_identifier'),
  ).toEqual([field])
  expect(JSON.stringify(body)).not.toContain('web-team')
})

test('sends the headers and fields of the provider, and a key only if there is one', async () => {
  const dialect = { quirks: servers.openai.quirks, body: { seed: 7 }, names: {} }
  const models = { flux: resolveModel('flux', { sizes: 'any', price: 0.03 }) }
  const { server, provider } = await createPair(
    { headers: { 'X-Team': 'art' }, dialect, models },
    { models: ['flux'] },
  )
  await provider.generate({ ...request, model: 'flux', quality: 'auto' }, {})
  expect(server.requests[0]!).toMatchObject({
    body: { model: 'flux', seed: 7 },
    headers: { 'x-team': 'art', authorization: 'Bearer …mnop' },
  })

  const open = await createOpenAIProvider({
    apiKey: undefined,
    isKeyOptional: true,
    baseURL: server.baseURL,
  })
  await expect(open.generate(request, {})).rejects.toMatchObject({ code: 'provider/auth' })
  expect(server.requests[1]!.headers['authorization']).toBeUndefined()
})

test('reports the rate limits of the server, after an answer and after a refusal', async () => {
  const { server, provider } = await createPair({}, { imagesPerMinute: 5 })
  const reported: RateFacts[] = []
  const onRate = (rate: RateFacts): void => void reported.push(rate)
  await provider.generate(request, { onRate })
  server.next(
    {
      ...errors.rateLimited,
      headers: {
        'x-ratelimit-limit-input-images': '5',
        'x-ratelimit-remaining-input-images': '0',
        'x-ratelimit-reset-input-images': '1m2.5s',
      },
    },
    errors.serverError,
  )
  await expect(provider.generate(request, { onRate })).rejects.toThrow()
  await expect(provider.generate(request, { onRate })).rejects.toThrow()
  expect(reported).toEqual([
    { images: { limit: 5, remaining: 4, resetMs: expect.closeTo(12_000, -3) } },
    { inputImages: { limit: 5, remaining: 0, resetMs: 62_500 } },
  ])
})

test('returns the usage', async () => {
  const { provider } = await createPair()
  expect((await provider.generate(request, {})).usage).toEqual({
    inputTextTokens: 3,
    inputImageTokens: 0,
    outputTokens: expect.any(Number),
  })
})

const ESC = '\u001B]0;owned\u0007\u001B[31m\u009B'

test('returns a revised prompt as one line of limited length', async () => {
  const { server, provider } = await createPair()
  const answer = (revised_prompt: unknown): Fault => ({
    kind: 'body',
    status: 200,
    contentType: 'application/json',
    text: JSON.stringify({ data: [{ b64_json: 'AAAA', revised_prompt }] }),
  })
  server.next(
    answer(`A${ESC} lighthouse\nat dawn`),
    answer('x'.repeat(40_000)),
    answer({ no: 'text' }),
  )
  const prompts = []
  for (let index = 0; index < 3; index++) {
    prompts.push(...(await provider.generate(request, {})).revisedPrompts)
  }
  expect(prompts[0]).toMatch(/^A \]0;owned \[31m  lighthouse at dawn$/)
  expect(prompts[1]).toHaveLength(32_000)
  expect(prompts[2]).toBeUndefined()
})

test('keeps the pictures that can be read if others cannot', async () => {
  const { server, provider } = await createPair()
  const data = [
    { b64_json: '***' },
    { b64_json: 'AAAA', revised_prompt: 'first' },
    null,
    { url: 'file:///etc/passwd' },
    { b64_json: 'BBBB', revised_prompt: 'second' },
  ]
  server.next({
    kind: 'body',
    status: 200,
    contentType: 'application/json',
    text: JSON.stringify({ data }),
  })
  const { images, revisedPrompts } = await provider.generate(request, { count: 5 })
  expect(images.map((bytes) => Buffer.from(bytes).toString('base64'))).toEqual(['AAAA', 'BBBB'])
  expect(revisedPrompts).toEqual(['first', 'second'])
})

test.each([undefined, ''])('fails without a key (%j)', async (apiKey) => {
  await expect(createOpenAIProvider({ apiKey })).rejects.toMatchObject({
    code: 'provider/no-key',
    hint: expect.stringContaining('OPENAI_API_KEY'),
  })
})
