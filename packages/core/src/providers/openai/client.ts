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
  /** Variables of the project: the organization, the project and the headers of its account. */
  env?: ProviderEnvironment | undefined
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
  const { apiKey, baseURL, timeoutMs, makeClient, env = {} } = options
  if (baseURL !== undefined) checkBaseURL(baseURL)
  const sdk = loadSdk()
  const clientOptions: ClientOptions = {
    // The SDK requires a key; without one, `defaultHeaders` removes the header.
    apiKey: apiKey === '' ? 'none' : apiKey,
    // By itself the SDK reads these from the process, whichever project it works for, and sends them
    // to any server.
    adminAPIKey: null,
    organization: (baseURL === undefined && env['OPENAI_ORG_ID']) || null,
    project: (baseURL === undefined && env['OPENAI_PROJECT_ID']) || null,
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
  env = {},
}: OpenAIClientOptions): Record<string, string | null> {
  const isOtherServer = baseURL !== undefined && !isOpenAI(baseURL)
  const all = [
    ...Object.entries(withoutCustomHeaders()),
    ...Object.entries(authHeaders(apiKey, makeClient !== undefined)),
    ...(isOtherServer ? [] : Object.entries(customHeaders(env[CUSTOM_HEADERS]))),
    ...Object.entries(headers),
  ]
  // The later one of two headers counts, however their names are written.
  return Object.fromEntries(all.map(([name, value]) => [name.toLowerCase(), value]))
}

function authHeaders(apiKey: string, isAzure: boolean): Record<string, string | null> {
  if (apiKey === '') return { Authorization: null }
  return isAzure ? { 'api-key': apiKey } : { Authorization: `Bearer ${apiKey}` }
}

/** The variable with headers for OpenAI, one `name: value` per line. */
const CUSTOM_HEADERS = 'OPENAI_CUSTOM_HEADERS'

/** Removes the headers that the SDK reads from the environment of the process by itself. */
function withoutCustomHeaders(): Record<string, null> {
  // oxlint-disable-next-line no-restricted-globals -- the SDK reads the variable there, and offers no other way to know what it sends
  const own = customHeaders(process.env[CUSTOM_HEADERS])
  return Object.fromEntries(Object.keys(own).map((name) => [name, null]))
}

function customHeaders(text: string = ''): Record<string, string> {
  return Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const colon = line.indexOf(':')
      return colon === -1 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]]
    }),
  )
}
