import { createRequire } from 'node:module'
import type * as Sdk from 'openai'
import type { ClientOptions, OpenAI } from 'openai'
import { LimnError } from '../../errors.ts'
import {
  BASE_URL_HINT,
  findBaseURLProblem,
  isOpenAI,
  type ProviderEnvironment,
} from '../environment.ts'
import { limitFetch } from '../http/limited-fetch.ts'

/** The `openai` package. */
export type OpenAISdk = typeof Sdk

export type OpenAIClientOptions = {
  /** Empty: no key is sent. */
  apiKey: string
  /** Default https://api.openai.com/v1 */
  baseURL?: string | undefined
  /** For one request, ms. */
  timeoutMs: number
  /** Headers in addition to those that are always sent. */
  headers?: Readonly<Record<string, string>> | undefined
  /** Creates the client of a server that needs another class, such as Azure. */
  makeClient?: ((sdk: OpenAISdk, options: ClientOptions) => OpenAI) | undefined
}

/**
 * Creates a client of the `openai` package. The SDK's own retries are off: it would retry when the
 * quota is used up, and ignores waits above a minute.
 *
 * @throws LimnError `usage` for an invalid base URL
 */
export function createClient(options: OpenAIClientOptions): OpenAI {
  const { apiKey, baseURL, timeoutMs, makeClient } = options
  if (baseURL !== undefined) checkBaseURL(baseURL)
  const sdk = loadSdk()
  const clientOptions: ClientOptions = {
    // The SDK requires a key; without one, `defaultHeaders` removes the header.
    apiKey: apiKey === '' ? 'none' : apiKey,
    // The SDK reads these from the environment; they are meant for OpenAI and would go to any server.
    adminAPIKey: null,
    ...(baseURL === undefined ? {} : { organization: null, project: null }),
    baseURL: baseURL ?? null,
    defaultHeaders: defaultHeaders(options),
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: 'off',
  }
  return makeClient === undefined ? new sdk.OpenAI(clientOptions) : makeClient(sdk, clientOptions)
}

/**
 * Creates a function that returns the client for responses of at most so many bytes. Clients are
 * kept: creating one costs as much as a request.
 */
export function createLimitedClients(
  client: OpenAI,
  { timeoutMs, env }: { timeoutMs: number; env: ProviderEnvironment },
): (maxBytes: number) => OpenAI {
  const clientByLimit = new Map<number, OpenAI>()
  return (maxBytes) => {
    const limited =
      clientByLimit.get(maxBytes) ??
      client.withOptions({ fetch: limitFetch({ maxBytes, silenceMs: timeoutMs, env }) })
    clientByLimit.set(maxBytes, limited)
    return limited
  }
}

function checkBaseURL(baseURL: string): void {
  const problem = findBaseURLProblem(baseURL)
  if (problem === undefined) return
  throw new LimnError('usage', `The base URL ${problem}.`, { hint: BASE_URL_HINT })
}

/** Loads the `openai` package, whose 240 files Node loads a quarter faster as CommonJS. */
function loadSdk(): OpenAISdk {
  return createRequire(import.meta.url)('openai') as OpenAISdk
}

/** `null` keeps the SDK from sending a header. */
function defaultHeaders({
  apiKey,
  baseURL,
  headers = {},
  makeClient,
}: OpenAIClientOptions): Record<string, string | null> {
  const isOtherServer = baseURL !== undefined && !isOpenAI(baseURL)
  return {
    ...(isOtherServer ? withoutCustomHeaders() : {}),
    ...(isOtherServer || apiKey === '' ? authHeaders(apiKey, makeClient !== undefined) : {}),
    ...headers,
  }
}

function authHeaders(apiKey: string, isAzure: boolean): Record<string, string | null> {
  if (apiKey === '') return { Authorization: null }
  return isAzure ? { 'api-key': apiKey } : { Authorization: `Bearer ${apiKey}` }
}

/** Removes the headers that the SDK reads from OPENAI_CUSTOM_HEADERS by itself. */
function withoutCustomHeaders(): Record<string, null> {
  // oxlint-disable-next-line no-restricted-globals -- the SDK reads the variable there, and offers no other way to know what it sends
  const lines = (process.env['OPENAI_CUSTOM_HEADERS'] ?? '').split('\n')
  return Object.fromEntries(
    lines.flatMap((line) =>
      line.includes(':') ? [[line.slice(0, line.indexOf(':')).trim(), null]] : [],
    ),
  )
}
