import { scrub } from '../http/redact-keys.ts'
import { parseDuration, readRetryAfter } from './rate-headers.ts'
import { isObject } from './read-answer.ts'

/** What can be known of a failure, whatever shape the server gave it. */
export type Failure = {
  /** Of HTTP; under a 200, what the body says it is. */
  status: number | undefined
  code: string
  type: string
  /** The field of the request that it speaks of. */
  param: string
  /** The server's own words, without keys, at most 300 characters; empty where a page came. */
  text: string
  /** Whether a page of HTML came, as proxies and firewalls send. */
  isPage: boolean
  moderation: Moderation
  /** The wait that it asks for, ms. */
  afterMs: number | undefined
  /** What the server itself says of asking again. */
  shouldRetry: boolean | undefined
}

export type Moderation = {
  /** Whether it says anything of moderation at all. */
  isNamed: boolean
  /** When it was refused: by the prompt and its pictures, or once it was drawn. */
  stage: 'input' | 'output' | 'unknown'
  categories: string[]
}

/** What was thrown or answered, as far as it is known. */
export type RawFailure = {
  status?: number | undefined
  headers?: Headers | undefined
  /** The `error` of the body, or the whole body where it has none. */
  body: unknown
  /** What the package made of it. */
  message?: string
}

/**
 * Brings a failure to one form: that of OpenAI, Azure, LocalAI, FastAPI's `detail`, bare text, or a
 * page.
 */
export function readFailure(
  { status, headers, body: raw, message = '' }: RawFailure,
  apiKey: string,
): Failure {
  const body = unwrap(raw)
  const fields = isObject(body) ? body : {}
  const words = (name: string): string =>
    typeof fields[name] === 'string' ? scrub(fields[name], apiKey) : ''
  const said = textOf(body)
  const isPage =
    headers?.get('content-type')?.toLowerCase().includes('text/html') === true ||
    /^\s*(\d{3}\s+)?<(!doctype|html)/i.test(said ?? message)
  const text = isPage ? '' : scrub(said ?? message, apiKey)
  return {
    status: status === undefined || status < 300 ? statusIn(fields) : status,
    code: words('code'),
    type: words('type'),
    param: words('param'),
    text,
    isPage,
    moderation: moderationIn(body, text, apiKey),
    afterMs:
      readRetryAfter(headers) ??
      parseDuration(retryDelayIn(fields)) ??
      parseDuration(/(?:try again|retry) in ([\d.a-z]+?)\.?(?:\s|$)/i.exec(text)?.[1]),
    shouldRetry: shouldRetryIn(headers),
  }
}

/** Google's compatible route puts its error into a list; some servers put an error into an error. */
function unwrap(body: unknown): unknown {
  const first: unknown = Array.isArray(body) ? body[0] : body
  return isObject(first) && (isObject(first['error']) || typeof first['error'] === 'string')
    ? first['error']
    : first
}

/** Google puts the wait among the details: `{ retryDelay: '34s' }`. */
function retryDelayIn({ details }: Record<string, unknown>): string | undefined {
  const delays = Array.isArray(details)
    ? details.map((each: unknown) => (isObject(each) ? each['retryDelay'] : undefined))
    : []
  return delays.find((delay) => typeof delay === 'string')
}

function shouldRetryIn(headers: Headers | undefined): boolean | undefined {
  const said = headers?.get('x-should-retry')
  return said === 'true' ? true : said === 'false' ? false : undefined
}

/** Servers that answer 200 whatever happens say the status in the body. */
function statusIn({
  status,
  code,
  status_code: other,
}: Record<string, unknown>): number | undefined {
  return [code, status, other].map(Number).find((value) => value >= 400 && value <= 599)
}

/** The words of a body: `{message}`, `{detail}` as text or as FastAPI's list, or bare text. */
function textOf(body: unknown): string | undefined {
  if (typeof body === 'string') return body
  if (!isObject(body)) return undefined
  const { message, detail, msg, error_description: description } = body
  const text = [message, detail, msg, description].find(
    (value) => typeof value === 'string' && value !== '',
  )
  if (typeof text === 'string') return text
  if (!Array.isArray(detail)) {
    return isObject(message) || isObject(detail) ? JSON.stringify(message ?? detail) : undefined
  }
  return detail
    .map((each: unknown) =>
      isObject(each)
        ? `${Array.isArray(each['loc']) ? `${each['loc'].slice(1).join('.')}: ` : ''}${String(each['msg'] ?? JSON.stringify(each))}`
        : String(each),
    )
    .join('; ')
}

const MODERATION =
  /moderation_blocked|content_policy|content_?filter|responsible_?ai|sensitive_words|prompt_blocked|nsfw_content/i

/**
 * What moderation found, and when: OpenAI's details, Azure's filter results, or words in the
 * message.
 */
function moderationIn(body: unknown, text: string, apiKey: string): Moderation {
  const fields = isObject(body) ? body : {}
  const inner = [fields['inner_error'], fields['innererror']].find(isObject) ?? {}
  const details = isObject(fields['moderation_details']) ? fields['moderation_details'] : {}
  const results =
    [
      inner['content_filter_results'],
      inner['content_filter_result'],
      fields['content_filter_results'],
    ].find(isObject) ?? {}
  const filtered = Object.entries(results).flatMap(([name, result]) =>
    isObject(result) && (result['filtered'] === true || result['detected'] === true) ? [name] : [],
  )
  const listed = Array.isArray(details['categories']) ? details['categories'].map(String) : filtered
  const inText = /safety_violations=\[([^\]]*)\]/.exec(text)?.[1]?.split(',') ?? []
  const categories = (listed.length > 0 ? listed : inText)
    .map((name) => scrub(name, apiKey))
    .filter((name) => name !== '')
  const stage = details['moderation_stage']
  const codes = [fields['code'], fields['type'], inner['code']].filter(
    (value) => typeof value === 'string',
  )
  return {
    isNamed:
      codes.some((code) => MODERATION.test(code)) ||
      filtered.length > 0 ||
      fields['moderation_details'] !== undefined ||
      /safety system/i.test(text),
    stage: stage === 'output' || stage === 'input' ? stage : 'unknown',
    categories,
  }
}
