import { expect, onTestFinished, test } from 'vitest'
import { errors, type Fault, type ImageServer, startImageServer } from '../../../../fixtures/openai-server/index.ts'
import type { ImageRequest } from '../plan/request.ts'
import { createOpenAIProvider } from './openai.ts'
import type { ImageProvider } from './provider.ts'

const KEY = 'sk-test-0123456789abcdefghijklmnop'
const request: ImageRequest = { operation: 'generate', prompt: 'A lighthouse', model: 'gpt-image-2.5-flare', size: '816x816', quality: 'low', background: 'auto', format: 'png' }

async function createPair(options: { timeoutMs?: number } & Parameters<typeof startImageServer>[0] = {}): Promise<{ server: ImageServer; provider: ImageProvider }> {
  const { timeoutMs, ...serverOptions } = options
  const server = await startImageServer(serverOptions)
  onTestFinished(() => server.close())
  return { server, provider: await createOpenAIProvider({ apiKey: KEY, baseURL: server.baseURL, ...(timeoutMs === undefined ? {} : { timeoutMs }) }) }
}

test.each<[string, Partial<ImageRequest>, Record<string, unknown>]>([
  ['the plainest request', { quality: 'auto' }, { model: 'gpt-image-2.5-flare', prompt: 'A lighthouse', n: 1, size: '816x816' }],
  ['every setting', { background: 'transparent', format: 'webp' }, { model: 'gpt-image-2.5-flare', prompt: 'A lighthouse', n: 1, size: '816x816', quality: 'low', background: 'transparent', output_format: 'webp' }],
  ['a model of old', { model: 'dall-e-3', size: '1024x1024', quality: 'standard' }, { model: 'dall-e-3', prompt: 'A lighthouse', n: 1, size: '1024x1024', quality: 'standard', response_format: 'b64_json' }],
  ['a fixed size', { model: 'gpt-image-1.5', size: '1024x1536', background: 'opaque' }, { model: 'gpt-image-1.5', prompt: 'A lighthouse', n: 1, size: '1024x1536', quality: 'low', background: 'opaque' }],
])('asks with %s, and with no field more', async (_, change, body) => {
  const { server, provider } = await createPair()
  const answer = await provider.generate({ ...request, ...change }, {})
  expect(server.requests.map((asked) => [asked.status, asked.body])).toEqual([[200, body]])
  expect(answer.images).toHaveLength(1)
  expect(answer.requestId).toBe(server.requests[0]!.requestId)
})

test('passes on the tokens that were counted', async () => {
  const { provider } = await createPair()
  expect((await provider.generate(request, {})).usage).toEqual({ inputTextTokens: 3, inputImageTokens: 0, outputTokens: expect.any(Number) })
})

test('asks once, whatever comes: trying again is not its business', async () => {
  const { server, provider } = await createPair()
  for (const fault of [errors.serverError, errors.rateLimited, errors.badGateway]) {
    server.next(fault)
    await expect(provider.generate(request, {})).rejects.toMatchObject({ name: 'ProviderError' })
  }
  expect(server.requests).toHaveLength(3)
})

/** Every failure that the API has shown: what it is called, what is said, and whether asking again can help. */
const table: [name: string, fault: Fault, code: string, message: RegExp, retry: { afterMs?: number } | undefined][] = [
  ['a wrong key', errors.invalidApiKey, 'provider/auth', /^The server does not accept the key\.$/, undefined],
  ['an unverified organisation', errors.unverifiedOrganisation, 'provider/auth', /must be verified to use gpt-image-2\.5-flare/, undefined],
  ['a country', errors.unsupportedCountry, 'provider/auth', /not offered in this country or region/, undefined],
  ['a model out of reach', errors.modelForbidden, 'provider/refused', /has no model gpt-image-2\.5-flare/, undefined],
  ['no such model', errors.modelNotFound, 'provider/refused', /has no model gpt-image-2\.5-flare/, undefined],
  ['a retired model', errors.retiredDallE, 'provider/refused', /has no model/, undefined],
  ['an unknown parameter', errors.unknownParameter, 'provider/refused', /Unknown parameter: 'response_format'/, undefined],
  ['a wrong size', errors.invalidValueSize, 'provider/refused', /must both be divisible by 16/, undefined],
  ['moderation', errors.moderationBlocked, 'provider/moderation', /^The prompt was refused by moderation: sexual\.$/, undefined],
  ['the policy of old', errors.contentPolicyViolation, 'provider/moderation', /refused by moderation/, undefined],
  ['a used-up quota', errors.insufficientQuota, 'provider/quota', /quota or spending limit is used up: You exceeded your current quota/, undefined],
  ['a used-up credit', errors.creditBalanceExhausted, 'provider/quota', /used up/, undefined],
  ['a billing limit', errors.billingHardLimit, 'provider/quota', /used up/, undefined],
  ['a rate limit', errors.rateLimited, 'provider/rate-limit', /./, { afterMs: 534 }],
  ['a rate limit in seconds', { ...errors.rateLimited, headers: { 'retry-after': '90' } }, 'provider/rate-limit', /./, { afterMs: 90_000 }],
  ['a rate limit without a time', { ...errors.rateLimited, headers: {} }, 'provider/rate-limit', /./, {}],
  ['too sudden a rise', errors.slowDown, 'provider/rate-limit', /./, {}],
  ['a body too large', errors.payloadTooLarge, 'provider/refused', /too large/, undefined],
  ['an unprocessable request', errors.unprocessable, 'provider/refused', /Invalid size/, undefined],
  ['a fault of the server', errors.serverError, 'provider/server', /./, {}],
  ['a bad gateway', errors.badGateway, 'provider/server', /./, {}],
  ['an overload', errors.overloaded, 'provider/server', /./, {}],
  ['a fault in plain text', errors.plainText, 'provider/server', /./, {}],
  ['a fault that forbids trying again', { ...errors.serverError, headers: { 'x-should-retry': 'false' } }, 'provider/server', /./, undefined],
  ['no balance', { ...errors.serverError, status: 402 }, 'provider/quota', /no balance/, undefined],
  ['an error under 200', { kind: 'errorIn200', message: 'Upstream failed' }, 'provider/refused', /Upstream failed/, undefined],
  ['no picture', { kind: 'emptyData' }, 'provider/bad-answer', /without a picture/, undefined],
  ['a page of HTML', { kind: 'body', status: 200, contentType: 'text/html', text: '<html>Hello</html>' }, 'provider/bad-answer', /./, undefined],
  ['JSON that is broken', { kind: 'body', status: 200, contentType: 'application/json', text: '{"data":[' }, 'provider/bad-answer', /./, undefined],
  ['JSON null', { kind: 'body', status: 200, contentType: 'application/json', text: 'null' }, 'provider/bad-answer', /./, undefined],
  ['data that is no list', { kind: 'body', status: 200, contentType: 'application/json', text: '{"data":"x"}' }, 'provider/bad-answer', /./, undefined],
  ['a picture that is null', { kind: 'body', status: 200, contentType: 'application/json', text: '{"data":[null]}' }, 'provider/bad-answer', /./, undefined],
  ['a link that has expired', { kind: 'url', form: 'expired' }, 'provider/bad-answer', /403/, undefined],
  ['a connection cut before the answer', { kind: 'cut', afterBytes: 0 }, 'provider/network', /may have been billed/, undefined],
  ['a connection cut within the answer', { kind: 'cut', afterBytes: 100 }, 'provider/network', /may have been billed/, undefined],
]

test.each(table)('puts %s into words, with what to do', async (_, fault, code, message, retry) => {
  const { server, provider } = await createPair()
  server.next(fault.kind === 'error' ? { ...fault, message: `${fault.message}` } : fault)
  const error = await provider.generate(request, {}).then(
    () => undefined,
    (problem: unknown) => problem,
  )
  expect(error).toMatchObject({ name: 'ProviderError', code, message: expect.stringMatching(message), hint: expect.stringMatching(/^[A-Z].*\.$/) })
  expect((error as { retry?: unknown }).retry).toEqual(retry)
})

test('takes the key out of whatever the server says', async () => {
  const { server, provider } = await createPair()
  for (const status of [400, 401, 403, 429, 500]) {
    server.next({ kind: 'error', status, type: null, code: null, message: `Bad key ${KEY} and sk-proj-ABCDEFGH12345 in <b>Authorization</b>` })
    const error: unknown = await provider.generate(request, {}).catch((problem: unknown) => problem)
    const everything = `${(error as Error).stack} ${JSON.stringify(error)} ${String((error as Error).cause)}`
    expect(everything).not.toContain(KEY)
    expect(everything).not.toContain('sk-proj-ABCDEFGH12345')
    expect((error as Error).message).not.toContain('<b>')
  }
})

const ESC = '\u001B]0;owned\u0007\u001B[31m\u009B'

test('prints no control characters, keys or endless texts that a server sent', async () => {
  const { server, provider } = await createPair()
  const nasty = `Bad ${ESC} key ${KEY} ${'x'.repeat(1000)}`
  const faults: Fault[] = [
    { kind: 'errorIn200', message: nasty },
    { kind: 'error', status: 400, type: null, code: `code${ESC}${KEY}`, message: nasty },
    { ...errors.moderationBlocked, details: { moderation_details: { categories: [`sexual${ESC}${KEY}`] } } },
    { kind: 'body', status: 200, contentType: 'application/json', text: JSON.stringify({ error: nasty }) },
    { kind: 'body', status: 500, contentType: 'text/plain', text: nasty },
  ]
  for (const fault of faults) {
    server.next(fault)
    const { message, cause } = (await provider.generate(request, {}).catch((error: unknown) => error)) as Error
    expect(`${message} ${String(cause)}`).not.toMatch(/\p{Cc}|sk-test/u)
    expect(message.length).toBeLessThan(700)
  }
})

test('keeps a revised prompt as one line, no longer than a prompt can be', async () => {
  const { server, provider } = await createPair()
  const answer = (revised_prompt: unknown): Fault => ({ kind: 'body', status: 200, contentType: 'application/json', text: JSON.stringify({ data: [{ b64_json: 'AAAA', revised_prompt }] }) })
  server.next(answer(`A${ESC} lighthouse\nat dawn`), answer('x'.repeat(40_000)), answer({ no: 'text' }))
  const prompts = []
  for (let index = 0; index < 3; index++) prompts.push(...(await provider.generate(request, {})).revisedPrompts)
  expect(prompts[0]).toMatch(/^A \]0;owned \[31m  lighthouse at dawn$/)
  expect(prompts[1]).toHaveLength(32_000)
  expect(prompts[2]).toBeUndefined()
})

test('keeps the pictures of an answer that came whole, where others did not', async () => {
  const { server, provider } = await createPair()
  const data = [{ b64_json: '***' }, { b64_json: 'AAAA', revised_prompt: 'first' }, null, { url: 'file:///etc/passwd' }, { b64_json: 'BBBB', revised_prompt: 'second' }]
  server.next({ kind: 'body', status: 200, contentType: 'application/json', text: JSON.stringify({ data }) })
  const { images, revisedPrompts } = await provider.generate(request, { count: 5 })
  expect(images.map((bytes) => Buffer.from(bytes).toString('base64'))).toEqual(['AAAA', 'BBBB'])
  expect(revisedPrompts).toEqual(['first', 'second'])
})

test('gives up on a server that never answers, and does not ask again', async () => {
  const { server, provider } = await createPair({ timeoutMs: 150 })
  server.next({ kind: 'hang' })
  await expect(provider.generate(request, {})).rejects.toMatchObject({ code: 'provider/timeout', message: expect.stringContaining('may have been billed'), retry: undefined })
  expect(server.requests).toHaveLength(1)
})

test('hangs up when it is told to stop', async () => {
  const { server, provider } = await createPair({ latencyMs: 5000 })
  const stop = new AbortController()
  const asked = provider.generate(request, { signal: stop.signal })
  while (server.inFlight === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  stop.abort()
  await expect(asked).rejects.toThrow()
  while (server.inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(server.requests[0]!.aborted).toBe(true)
})

test.each([undefined, ''])('refuses to start without a key (%j)', async (apiKey) => {
  await expect(createOpenAIProvider({ apiKey })).rejects.toMatchObject({ code: 'provider/no-key', hint: expect.stringContaining('OPENAI_API_KEY') })
})
