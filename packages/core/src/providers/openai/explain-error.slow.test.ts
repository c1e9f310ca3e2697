import { expect, onTestFinished, test } from 'vitest'
import {
  errors,
  type Fault,
  startImageServer,
} from '../../../../../fixtures/openai-server/index.ts'
import { LimnError } from '../../errors.ts'
import {
  type GenerateOptions,
  type ImageProvider,
  mayBeBilled,
  ProviderError,
} from '../provider.ts'
import { errorTable } from '../testing.ts'
import { explainConnection } from './explain-connection.ts'
import { createOpenAIProvider } from './openai.ts'
import { createPair, KEY, request } from './testing.ts'

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
  'explains %s, and says what to do',
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
    expect(server.requests, 'callers retry, not the provider').toHaveLength(1)
  },
)

test.each([
  ['in milliseconds', { 'retry-after-ms': '534', 'retry-after': '9' }, 534],
  ['of more than a minute', { 'retry-after': '90' }, 90_000],
  ['of a fraction of a second', { 'retry-after': '0.5' }, 500],
  ['that is malformed', { 'retry-after': 'soon' }, undefined],
])('reads a wait %s', async (_, headers, afterMs) => {
  const { server, provider } = await createPair()
  server.next({ ...errors.slowDown, headers })
  expect((await failureOf(provider)).retry).toEqual(afterMs === undefined ? {} : { afterMs })
})

test('reads a wait that is given as a date', async () => {
  const { server, provider } = await createPair()
  server.next({
    ...errors.slowDown,
    headers: { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() },
  })
  const { afterMs } = (await failureOf(provider)).retry!
  expect(afterMs).toBeGreaterThan(3_500_000)
  expect(afterMs).toBeLessThanOrEqual(3_600_000)
})

test('mentions the input pictures if the request has some', async () => {
  const { server, provider } = await createPair()
  server.next(errors.moderationBlocked)
  const picture = { role: 'image', format: 'png', bytes: new Uint8Array([1]) } as const
  expect(await failureOf(provider, { inputs: [picture] })).toMatchObject({
    message: 'Moderation rejected the prompt or an input picture: sexual.',
    hint: expect.stringContaining('or use another input picture'),
  })
})

test.each([
  ['connect', true],
  ['read', false],
  ['write', false],
])('retries after a network failure in %s only if nothing was sent', (syscall, isUnsent) => {
  const cause = Object.assign(new Error('lost'), { code: 'EHOSTUNREACH', syscall })
  const error = explainConnection(new Error('Connection error.', { cause }), { isTimeout: false })
  expect({ isUnsent: error.isUnsent, retry: error.retry }).toEqual({
    isUnsent,
    retry: isUnsent ? {} : undefined,
  })
})

test('counts nothing as billed at a blocked port', async () => {
  const provider = await createOpenAIProvider({ apiKey: KEY, baseURL: 'http://127.0.0.1:9/v1' })
  const error = await failureOf(provider)
  expect(error).toMatchObject({
    code: 'provider/network',
    message: 'http://127.0.0.1:9 uses a port that HTTP clients block.',
    hint: expect.stringMatching(
      /^Use another port for the server, or check the base URL \(OPENAI_BASE_URL/,
    ) as unknown,
    retry: undefined,
  })
  expect(mayBeBilled(error)).toBe(false)
})

test('names the variable that holds the key', async () => {
  const { server, provider } = await createPair({ keyName: 'RELAY_API_KEY', name: 'relay' })
  server.next(errors.invalidApiKey)
  expect((await failureOf(provider)).hint).toBe(
    'Check RELAY_API_KEY: the key must belong to this base URL.',
  )
  await expect(
    createOpenAIProvider({ apiKey: undefined, keyName: 'RELAY_API_KEY', name: 'relay' }),
  ).rejects.toMatchObject({
    code: 'provider/no-key',
    message: 'The provider "relay" requires a key, but RELAY_API_KEY is not set.',
  })
})

test('redacts the key in everything the server says', async () => {
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

test('removes control characters, keys and endless texts from what a server sent', async () => {
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

test('gives up on a server that never answers, without a retry', async () => {
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

test('retries if the server was not reached', async () => {
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

test('counts nothing as billed without a secure connection, and does not retry', async () => {
  const server = await startImageServer()
  onTestFinished(() => server.close())
  const provider = await createOpenAIProvider({
    apiKey: KEY,
    baseURL: server.baseURL.replace('http:', 'https:'),
  })
  const error = await failureOf(provider)
  expect(error).toMatchObject({
    code: 'provider/network',
    message: expect.stringMatching(
      /^Limn could not establish a secure connection to the server \(/,
    ),
    hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    retry: undefined,
  })
  expect(mayBeBilled(error)).toBe(false)
})

test('closes the connection when it is aborted', async () => {
  const { server, provider } = await createPair()
  server.next({ kind: 'hang' })
  const stop = new AbortController()
  const pending = provider
    .generate(request, { signal: stop.signal })
    .catch((error: unknown) => error)
  while (server.inFlight === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  stop.abort()
  const error = await pending
  expect(error).toBeInstanceOf(LimnError)
  expect(error).toMatchObject({ code: 'aborted' })
  while (server.inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(server.requests[0]!.aborted).toBe(true)
})
