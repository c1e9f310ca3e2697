import type { ProviderSettings } from '../../manifest/manifest.ts'
import type { ProviderEnvironment } from '../../providers/environment.ts'
import { limitFetch } from '../../providers/http/limited-fetch.ts'
import { isV1Route } from '../../providers/openai/azure.ts'
import { readFailure } from '../../providers/openai/read-failure.ts'
import { ProviderError } from '../../providers/provider.ts'

/** A model as a server lists it, with its shutdown date, `YYYY-MM-DD`, if the server reports it. */
type ServedModel = { id: string; shutdown: string | undefined }

/** A server's answer to a request for its models. `date` is its clock, ms since 1970. */
export type ModelsAnswer =
  | { kind: 'listed'; models: ServedModel[]; date: number | undefined }
  /** The answer is not a list of models. `text` contains no keys. */
  | { kind: 'refused'; status: number; text: string; date: number | undefined }
  /**
   * No answer. `code` is the system's error code or the message of `fetch`; `proxy` is set if the
   * proxy failed.
   */
  | { kind: 'unreached'; code: string; proxy?: { message: string; hint: string | undefined } }

type ModelsRequest = {
  settings: ProviderSettings
  baseURL: string
  /** Empty to send none. */
  apiKey: string
  /** Variables of the process, with the user's proxies. */
  env: ProviderEnvironment
  signal: AbortSignal
}

const TIMEOUT_MS = 15_000
/** Size limit of a list, bytes. */
const MAX_BYTES = 10_000_000

/**
 * Requests the list of a server's models, which costs nothing. Does not follow redirects, so that
 * the key is sent to no other server.
 */
export async function listModels(request: ModelsRequest): Promise<ModelsAnswer> {
  const { settings, apiKey, env, signal } = request
  try {
    const fetchLimited = limitFetch({ maxBytes: MAX_BYTES, silenceMs: TIMEOUT_MS, env })
    const response = await fetchLimited(modelsUrl(request), {
      headers: { ...settings.headers, ...authHeaders(request) },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    return await readAnswer(response, apiKey)
  } catch (error) {
    if (error instanceof ProviderError && error.isUnsent) {
      return {
        kind: 'unreached',
        code: 'proxy',
        proxy: { message: error.message, hint: error.hint },
      }
    }
    if (error instanceof ProviderError) {
      return { kind: 'refused', status: 200, text: error.message, date: undefined }
    }
    return { kind: 'unreached', code: codeOf(error) }
  }
}

function modelsUrl({ settings, baseURL }: ModelsRequest): string {
  const root = baseURL.replace(/\/+$/, '')
  if (settings.server !== 'azure' || isV1Route(baseURL)) return `${root}/models`
  const version = encodeURIComponent(settings.apiVersion ?? '2024-10-21')
  return `${root.replace(/\/openai$/, '')}/openai/models?api-version=${version}`
}

function authHeaders({ settings, apiKey }: ModelsRequest): Record<string, string> {
  if (apiKey === '') return {}
  return settings.server === 'azure' ? { 'api-key': apiKey } : { authorization: `Bearer ${apiKey}` }
}

async function readAnswer(response: Response, apiKey: string): Promise<ModelsAnswer> {
  const { ok, status, headers } = response
  const parsedDate = Date.parse(headers.get('date') ?? '')
  const date = Number.isNaN(parsedDate) ? undefined : parsedDate
  const body = parse(await response.text())
  const models = ok ? modelsIn(body) : undefined
  if (models !== undefined) return { kind: 'listed', models, date }
  const { text } = readFailure({ status, body, headers }, apiKey)
  return { kind: 'refused', status, text, date }
}

/** Reads OpenAI's `{ data: […] }`, or a bare list. */
function modelsIn(body: unknown): ServedModel[] | undefined {
  const list: unknown = Array.isArray(body) ? body : (body as { data?: unknown } | null)?.data
  if (!Array.isArray(list)) return undefined
  return list.flatMap((each: { id?: unknown; shutdown_date?: unknown } | null) => {
    if (typeof each?.id !== 'string') return []
    const shutdown =
      typeof each.shutdown_date === 'string' && /^\d{4}-\d\d-\d\d/.test(each.shutdown_date)
        ? each.shutdown_date.slice(0, 10)
        : undefined
    // Google lists models/NAME and accepts NAME.
    return [{ id: each.id.replace(/^models\//, ''), shutdown }]
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function codeOf(error: unknown): string {
  let lastMessage = 'unknown'
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const { code, name, message } = cause as NodeJS.ErrnoException
    if (typeof code === 'string') return code
    if (name === 'TimeoutError') return 'ETIMEDOUT'
    lastMessage = message
  }
  return lastMessage
}
