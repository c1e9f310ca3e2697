import type { ProviderSettings } from '../../manifest/resolve/providers.ts'
import { limitFetch } from '../../providers/http/limited-fetch.ts'
import { isV1Route } from '../../providers/openai/azure.ts'
import { readFailure } from '../../providers/openai/read-failure.ts'
import { ProviderError } from '../../providers/provider.ts'

/** A model as a server lists it, with its shutdown date, `YYYY-MM-DD`, where the server says one. */
export type ServedModel = { id: string; shutdown: string | undefined }

/** What came of asking a server for its models. */
export type ModelsAnswer =
  | { kind: 'listed'; models: ServedModel[]; date: number | undefined }
  /** It answered, and not with a list. `text` has no keys. */
  | { kind: 'refused'; status: number; text: string; date: number | undefined }
  /** Nobody answered; `code` as the system calls it, or what `fetch` said. */
  | { kind: 'unreached'; code: string }

export type ModelsRequest = {
  settings: ProviderSettings
  baseURL: string
  apiKey: string
  signal: AbortSignal
}

const TIMEOUT_MS = 15_000
/** Longest list that is read, bytes. */
const MOST_BYTES = 10_000_000

/**
 * Asks a server which models it has: costs nothing. Follows no redirect, so that the key goes
 * nowhere else.
 */
export async function listModels({
  settings,
  baseURL,
  apiKey,
  signal,
}: ModelsRequest): Promise<ModelsAnswer> {
  const isAzure = settings.server === 'azure'
  const root = baseURL.replace(/\/+$/, '')
  const url =
    isAzure && !isV1Route(baseURL)
      ? `${root.replace(/\/openai$/, '')}/openai/models?api-version=${encodeURIComponent(settings.apiVersion ?? '2024-10-21')}`
      : `${root}/models`
  const auth: Record<string, string> =
    apiKey === '' ? {} : isAzure ? { 'api-key': apiKey } : { authorization: `Bearer ${apiKey}` }
  try {
    const response = await limitFetch({ maxBytes: MOST_BYTES, silenceMs: TIMEOUT_MS })(url, {
      headers: { ...settings.headers, ...auth },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    const date = Date.parse(response.headers.get('date') ?? '')
    const facts = { date: Number.isNaN(date) ? undefined : date }
    const text = await response.text()
    const models = response.ok ? modelsIn(text) : undefined
    if (models !== undefined) return { kind: 'listed', models, ...facts }
    return {
      kind: 'refused',
      status: response.status,
      text: readFailure(
        { status: response.status, body: parse(text), headers: response.headers },
        apiKey,
      ).text,
      ...facts,
    }
  } catch (error) {
    if (error instanceof ProviderError) {
      return { kind: 'refused', status: 200, text: error.message, date: undefined }
    }
    return { kind: 'unreached', code: codeOf(error) }
  }
}

/** OpenAI's `{ data: […] }`, or a bare list. */
function modelsIn(text: string): ServedModel[] | undefined {
  const body = parse(text)
  const list: unknown = Array.isArray(body) ? body : (body as { data?: unknown } | null)?.data
  if (!Array.isArray(list)) return undefined
  return list.flatMap((each: { id?: unknown; shutdown_date?: unknown } | null) => {
    if (typeof each?.id !== 'string') return []
    const shutdown =
      typeof each.shutdown_date === 'string' && /^\d{4}-\d\d-\d\d/.test(each.shutdown_date)
        ? each.shutdown_date.slice(0, 10)
        : undefined
    // Google writes models/NAME, and takes NAME.
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
  let said = 'unknown'
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const { code, name, message } = cause as NodeJS.ErrnoException
    if (typeof code === 'string') return code
    if (name === 'TimeoutError') return 'ETIMEDOUT'
    said = message
  }
  return said
}
