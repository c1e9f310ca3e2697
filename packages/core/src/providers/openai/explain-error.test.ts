import { expect, onTestFinished, test } from 'vitest'
import {
  errors,
  type Fault,
  type ImageServer,
  startImageServer,
} from '../../../../../fixtures/openai-server/index.ts'
import { LimnError } from '../../errors.ts'
import type { ImageRequest } from '../../identity/request.ts'
import {
  type GenerateOptions,
  type ImageProvider,
  mayBeBilled,
  ProviderError,
} from '../provider.ts'
import { errorTable } from '../testing.ts'
import { explainConnection } from './explain-error.ts'
import { createOpenAIProvider, type OpenAIOptions } from './openai.ts'

const KEY = 'sk-test-0123456789abcdefghijklmnop'
const request: ImageRequest = {
  operation: 'generate',
  prompt: 'A lighthouse',
  model: 'gpt-image-2.5-flare',
  size: '816x816',
  quality: 'low',
  background: 'auto',
  format: 'png',
}

async function createPair(
  options: Partial<OpenAIOptions> = {},
): Promise<{ server: ImageServer; provider: ImageProvider }> {
  const server = await startImageServer()
  onTestFinished(() => server.close())
  return {
    server,
    provider: await createOpenAIProvider({ apiKey: KEY, baseURL: server.baseURL, ...options }),
  }
}

async function failureOf(
  provider: ImageProvider,
  options: GenerateOptions = {},
): Promise<ProviderError> {
  const error: unknown = await provider.generate(request, options).then(
    () => undefined,
    (problem: unknown) => problem,
  )
  expect(error).toBeInstanceOf(ProviderError)
  return error as ProviderError
}

test.each(errorTable.map((row) => [row.name, row] as const))(
  'puts %s into words, with what to do',
  async (_, { fault, code, message, hint, retry, isBilled }) => {
    const { server, provider } = await createPair()
    server.next(fault)
    const error = await failureOf(provider)
    expect(error).toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    })
    expect(error.message).toMatch(/^[A-Z].*[.!]$/)
    expect(error.hint).toMatch(/^[A-Z].*\.$/)
    expect(error.retry).toEqual(
      retry === false ? undefined : retry === true ? {} : { afterMs: retry },
    )
    expect(mayBeBilled(error)).toBe(isBilled ?? false)
    expect(server.requests, 'trying again is not the business of a provider').toHaveLength(1)
  },
)

test.each([
  ['in ms', { 'retry-after-ms': '534', 'retry-after': '9' }, 534],
  ['above a minute', { 'retry-after': '90' }, 90_000],
  ['as part of a second', { 'retry-after': '0.5' }, 500],
  ['as nonsense', { 'retry-after': 'soon' }, undefined],
])('obeys a wait that is said %s', async (_, headers, afterMs) => {
  const { server, provider } = await createPair()
  server.next({ ...errors.slowDown, headers })
  expect((await failureOf(provider)).retry).toEqual(afterMs === undefined ? {} : { afterMs })
})

test('obeys a wait that is said as a date', async () => {
  const { server, provider } = await createPair()
  server.next({
    ...errors.slowDown,
    headers: { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() },
  })
  const { afterMs } = (await failureOf(provider)).retry!
  expect(afterMs).toBeGreaterThan(3_500_000)
  expect(afterMs).toBeLessThanOrEqual(3_600_000)
})

test('speaks of the pictures too where some went with the prompt', async () => {
  const { server, provider } = await createPair()
  server.next(errors.moderationBlocked)
  const picture = { role: 'image', format: 'png', bytes: new Uint8Array([1]) } as const
  expect(await failureOf(provider, { inputs: [picture] })).toMatchObject({
    message: 'The prompt, or a picture that goes with it, was refused by moderation: sexual.',
    hint: expect.stringContaining('or take another picture'),
  })
})

test.each([
  ['connect', true],
  ['read', false],
  ['write', false],
])(
  'asks again after a network that was lost at %s only where nothing was sent yet',
  (syscall, isUnsent) => {
    const cause = Object.assign(new Error('lost'), { code: 'EHOSTUNREACH', syscall })
    const error = explainConnection(new Error('Connection error.', { cause }), false)
    expect({ isUnsent: error.isUnsent, retry: error.retry }).toEqual({
      isUnsent,
      retry: isUnsent ? {} : undefined,
    })
  },
)

test('counts nothing as billed at a port that is never asked', async () => {
  const provider = await createOpenAIProvider({ apiKey: KEY, baseURL: 'http://127.0.0.1:9/v1' })
  const error = await failureOf(provider)
  expect(error).toMatchObject({
    code: 'provider/network',
    message: "http://127.0.0.1:9 can't be asked: web clients keep away from that port.",
    hint: expect.stringMatching(
      /^Give the server another port, or check the base URL: OPENAI_BASE_URL/,
    ) as unknown,
    retry: undefined,
  })
  expect(mayBeBilled(error)).toBe(false)
})

test('names the variable that holds the key', async () => {
  const { server, provider } = await createPair({ keyName: 'RELAY_API_KEY', name: 'relay' })
  server.next(errors.invalidApiKey)
  expect((await failureOf(provider)).hint).toBe(
    'Check RELAY_API_KEY, and that it belongs to this base URL.',
  )
  await expect(
    createOpenAIProvider({ apiKey: undefined, keyName: 'RELAY_API_KEY', name: 'relay' }),
  ).rejects.toMatchObject({
    code: 'provider/no-key',
    message: 'The provider relay needs a key, and RELAY_API_KEY is not set.',
  })
})

test('takes the key out of whatever the server says', async () => {
  const { server, provider } = await createPair()
  for (const status of [400, 401, 403, 429, 500]) {
    server.next({
      kind: 'error',
      status,
      type: null,
      code: null,
      message: `Bad key ${KEY} and sk-proj-ABCDEFGH12345 in <b>Authorization</b>`,
    })
    const error = await failureOf(provider)
    const everything = `${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`
    expect(everything).not.toContain(KEY)
    expect(everything).not.toContain('sk-proj-ABCDEFGH12345')
    expect(error.message).not.toContain('<b>')
  }
})

const ESC = '\u001B]0;owned\u0007\u001B[31m\u009B'

test('prints no control characters, keys or endless texts that a server sent', async () => {
  const { server, provider } = await createPair()
  const nasty = `Bad ${ESC} key ${KEY} ${'x'.repeat(1000)}`
  const faults: Fault[] = [
    { kind: 'errorIn200', message: nasty },
    {
      kind: 'error',
      status: 400,
      type: null,
      code: `code${ESC}${KEY}`,
      message: nasty,
      param: `${ESC}${KEY}`,
    },
    {
      ...errors.moderationBlocked,
      details: { moderation_details: { categories: [`sexual${ESC}${KEY}`] } },
    },
    {
      ...errors.azureContentFilter,
      details: {
        inner_error: { content_filter_results: { [`hate${ESC}${KEY}`]: { filtered: true } } },
      },
    },
    { ...errors.unknownParameter, param: `x${ESC}${KEY}` },
    { ...errors.detailList, body: { detail: [{ loc: ['body', ESC, KEY], msg: nasty }] } },
    {
      kind: 'body',
      status: 200,
      contentType: 'application/json',
      text: JSON.stringify({ error: nasty }),
    },
    { kind: 'body', status: 500, contentType: 'text/plain', text: nasty },
  ]
  for (const fault of faults) {
    server.next(fault)
    const { message, hint, cause } = await failureOf(provider)
    expect(`${message} ${hint} ${String(cause)}`).not.toMatch(/\p{Cc}|sk-test/u)
    expect(message.length).toBeLessThan(700)
  }
})

test('gives up on a server that never answers, and does not ask again', async () => {
  const { server, provider } = await createPair({ timeoutMs: 150 })
  server.next({ kind: 'hang' })
  const error = await failureOf(provider)
  expect(error).toMatchObject({
    code: 'provider/timeout',
    message: expect.stringContaining('may have been billed'),
    retry: undefined,
  })
  expect(mayBeBilled(error)).toBe(true)
  expect(server.requests).toHaveLength(1)
})

test('asks again where nobody was reached', async () => {
  const { server, provider } = await createPair()
  await server.close()
  const error = await failureOf(provider)
  expect(error).toMatchObject({
    code: 'provider/network',
    message: `${new URL(server.baseURL).origin} can't be reached (ECONNREFUSED).`,
    hint: expect.stringContaining('OPENAI_BASE_URL'),
    retry: {},
  })
  expect(mayBeBilled(error)).toBe(false)
})

test('asks once where no safe connection can be made, and counts nothing', async () => {
  const server = await startImageServer()
  onTestFinished(() => server.close())
  const provider = await createOpenAIProvider({
    apiKey: KEY,
    baseURL: server.baseURL.replace('http:', 'https:'),
  })
  const error = await failureOf(provider)
  expect(error).toMatchObject({
    code: 'provider/network',
    message: expect.stringMatching(/^No safe connection to the server can be made \(/),
    hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    retry: undefined,
  })
  expect(mayBeBilled(error)).toBe(false)
})

test('hangs up when it is told to stop', async () => {
  const { server, provider } = await createPair()
  server.next({ kind: 'hang' })
  const stop = new AbortController()
  const asked = provider.generate(request, { signal: stop.signal }).catch((error: unknown) => error)
  while (server.inFlight === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  stop.abort()
  const error = await asked
  expect(error).toBeInstanceOf(LimnError)
  expect(error).toMatchObject({ code: 'aborted' })
  while (server.inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(server.requests[0]!.aborted).toBe(true)
})
