import type { ErrorCode } from '../errors.ts'
import { LimnError } from '../errors.ts'
import { ProviderError } from './provider.ts'

/*
 * What each failure of the Images API means, what to do, and whether asking again can
 * help. From OpenAI's error guide and the fields of the `openai` package, 2026-11-22.
 */

type Row = {
  /** Whether the row speaks of this failure. */
  when: (failure: Failure) => boolean
  code: ErrorCode
  message: (failure: Failure) => string
  hint: string
  retry?: true
}

/** What can be known of a failure, whatever shape the server gave it. */
type Failure = {
  status: number | undefined
  code: string
  type: string
  /** The server's own words, without keys, at most 300 characters. */
  text: string
  model: string
  /** What moderation found, and when. */
  moderation: string
}

const QUOTA = /insufficient_quota|billing_hard_limit|credit_balance|spend_limit|usage_limit_exceeded/
const MODERATION = /moderation_blocked|content_policy|content_?filter/i

const rows: readonly Row[] = [
  {
    when: ({ code, type }) => QUOTA.test(code) || QUOTA.test(type),
    code: 'provider/quota',
    message: ({ text }) => `The account's quota or spending limit is used up${quote(text)}`,
    hint: 'Add credit or raise the limit in the billing settings; waiting does not help.',
  },
  {
    when: ({ code, text }) => MODERATION.test(code) || /safety system/i.test(text),
    code: 'provider/moderation',
    message: ({ moderation }) => `The prompt was refused by moderation${moderation}.`,
    hint: 'Reword the prompt; asking again gives the same answer.',
  },
  {
    when: ({ status }) => status === 401,
    code: 'provider/auth',
    message: () => 'The server does not accept the key.',
    hint: 'Check OPENAI_API_KEY, and that it belongs to this base URL.',
  },
  {
    when: ({ status }) => status === 402,
    code: 'provider/quota',
    message: ({ text }) => `The account has no balance${quote(text)}`,
    hint: 'Add credit; waiting does not help.',
  },
  {
    when: ({ text }) => /must be verified/i.test(text),
    code: 'provider/auth',
    message: ({ model }) => `Your organisation must be verified to use ${model}.`,
    hint: "Verify it in the organisation's settings at OpenAI (it takes up to 15 minutes to count), or name another model.",
  },
  {
    when: ({ code, text }) => code === 'model_not_found' || /does not exist/i.test(text),
    code: 'provider/refused',
    message: ({ model }) => `The server has no model ${model}, or this key may not use it.`,
    hint: 'Name another model, or give the project access to this one.',
  },
  {
    when: ({ code }) => code === 'unsupported_country_region_territory',
    code: 'provider/auth',
    message: () => 'The API is not offered in this country or region.',
    hint: 'Use a server that is, through OPENAI_BASE_URL.',
  },
  {
    when: ({ status }) => status === 403,
    code: 'provider/auth',
    message: ({ text }) => `The key may not do this${quote(text)}`,
    hint: "Check the key's permissions and the project it belongs to.",
  },
  {
    when: ({ status }) => status === 413,
    code: 'provider/refused',
    message: () => 'The request is too large for the server.',
    hint: 'Use smaller input pictures or a shorter prompt.',
  },
  {
    when: ({ status }) => status === 429,
    code: 'provider/rate-limit',
    message: ({ text }) => `The server's rate limit is reached${quote(text)}`,
    hint: 'Run the command again later: what is done stays done.',
    retry: true,
  },
  {
    when: ({ status }) => status === 408 || status === 409 || (status !== undefined && status >= 500),
    code: 'provider/server',
    message: ({ status, text }) => `The server failed (${status})${quote(text)}`,
    hint: 'Run the command again: what is done stays done.',
    retry: true,
  },
  {
    when: ({ status }) => status !== undefined && status >= 400,
    code: 'provider/refused',
    message: ({ text, code }) => `The server refused the request${code === '' ? '' : ` (${code})`}${quote(text)}`,
    hint: 'Change the setting it speaks of in the manifest.',
  },
]

/** Puts what the `openai` package threw into words. Keys never come through. */
export function explainOpenAIError(error: unknown, { model, apiKey }: { model: string; apiKey: string }): unknown {
  if (error instanceof LimnError || !(error instanceof Error)) return error
  // The classes are told apart by name: importing them would load the package on every path.
  const kind = error.constructor.name
  if (kind === 'APIUserAbortError') return new LimnError('aborted', 'Stopped before the picture came.')
  if (kind === 'APIConnectionTimeoutError') {
    return new ProviderError('provider/timeout', 'The server did not answer in time. The picture may have been billed all the same.', { hint: 'Look at the usage page before you run the command again.' })
  }
  // A connection that breaks within the answer comes as fetch's own error.
  if (kind === 'APIConnectionError' || (kind === 'TypeError' && causeCodes(error).length > 0)) return explainConnection(error)
  const { status, code, type, error: body, headers } = error as { status?: number; code?: unknown; type?: unknown; error?: unknown; headers?: Headers }
  if (status === undefined && code === undefined && kind !== 'APIError') {
    return new ProviderError('provider/bad-answer', 'The server gave an answer that is not of the Images API.', { hint: 'Check the base URL.', cause: scrub(error.message, apiKey) })
  }
  const text = scrub(textOf(body) ?? error.message, apiKey)
  const failure: Failure = {
    status,
    code: typeof code === 'string' ? scrub(code, apiKey) : '',
    type: typeof type === 'string' ? type : '',
    text,
    model,
    moderation: moderationOf(body, text, apiKey),
  }
  const row = rows.find(({ when }) => when(failure))
  if (row === undefined) return new ProviderError('provider/bad-answer', `The server gave an error${quote(failure.text)}`, { hint: 'Run the command again; if it stays, check the base URL.' })
  const afterMs = row.retry === true ? retryAfter(headers) : undefined
  const retry = row.retry !== true || headers?.get('x-should-retry') === 'false' ? undefined : afterMs === undefined ? {} : { afterMs }
  return new ProviderError(row.code, row.message(failure), { hint: row.hint, retry })
}

/** Refused connections and unknown hosts never reached anybody; a broken one may have been billed. */
function explainConnection(error: Error): ProviderError {
  const codes = causeCodes(error)
  const unsent = codes.some((code) => ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'].includes(code))
  const why = codes[0] === undefined ? '' : ` (${codes[0]})`
  if (unsent) return new ProviderError('provider/network', `The server can't be reached${why}.`, { hint: 'Check the network and the base URL.', retry: {} })
  return new ProviderError('provider/network', `The connection broke before the picture came${why}. It may have been billed all the same.`, { hint: 'Look at the usage page before you run the command again.' })
}

function causeCodes(error: unknown): string[] {
  const codes: string[] = []
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (typeof code === 'string') codes.push(code)
  }
  return codes
}

/** The wait a server asks for, ms: `retry-after-ms`, or `retry-after` in seconds or as a date. */
function retryAfter(headers: Headers | undefined): number | undefined {
  const ms = Number(headers?.get('retry-after-ms') ?? NaN)
  if (ms >= 0) return ms
  const text = headers?.get('retry-after')
  if (text === undefined || text === null) return undefined
  const seconds = Number(text)
  if (seconds >= 0) return seconds * 1000
  const until = Date.parse(text) - Date.now()
  return Number.isNaN(until) ? undefined : Math.max(0, until)
}

/** The words of an error's body: `{message}`, `{detail}`, or text. */
function textOf(body: unknown): string | undefined {
  if (typeof body === 'string') return body
  if (typeof body !== 'object' || body === null) return undefined
  const { message, detail } = body as { message?: unknown; detail?: unknown }
  if (typeof message === 'string') return message
  return detail === undefined ? undefined : JSON.stringify(detail)
}

/** What moderation found, and when, as the end of a sentence. */
function moderationOf(body: unknown, text: string, apiKey: string): string {
  const details = (typeof body === 'object' && body !== null ? (body as Record<string, unknown>)['moderation_details'] : undefined) as { categories?: unknown; moderation_stage?: unknown } | undefined
  const named = Array.isArray(details?.categories) ? details.categories.map(String).join(', ') : /safety_violations=\[([^\]]*)\]/.exec(text)?.[1]
  const stage = details?.moderation_stage === 'output' ? ' when it saw the picture' : ''
  return `${stage}${named === undefined || named === '' ? '' : `: ${scrub(named, apiKey)}`}`
}

function quote(text: string): string {
  return text === '' ? '.' : `: ${/[.!?]$/.test(text) ? text : `${text}.`}`
}

/** A server's words as they may be printed: one line of at most 300 characters without tags, control characters, keys or bearer tokens. */
export function scrub(text: string, apiKey: string): string {
  return text
    .replace(/[^\P{Cc}\s]/gu, '')
    .replaceAll(apiKey, '[key]')
    .slice(0, 20_000)
    .replace(/\b(sk|sess|key)-[\w*-]{6,}/g, '[key]')
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300)
}
