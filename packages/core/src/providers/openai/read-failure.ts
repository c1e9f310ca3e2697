import { isObject } from '../../is-object.ts'
import { redactKeys } from '../http/redact-keys.ts'
import { parseDuration, readRetryAfter } from './rate-headers.ts'

/** A failure in one form, whatever form the server used. */
export type Failure = {
  /** The HTTP status; under 200, the status in the body. */
  status: number | undefined
  code: string
  type: string
  /** The field of the request that the failure names. */
  param: string
  /** The server's message, without keys, at most 300 characters; empty for a web page. */
  text: string
  /** Whether the answer is a web page, as proxies and firewalls send. */
  isPage: boolean
  /** Whether the API itself sent the failure: in JSON, as an `error` with a message. */
  isFromApi: boolean
  moderation: Moderation
  /** The wait that the server asks for, ms. */
  afterMs: number | undefined
  /** Whether the server says that a retry can help. */
  shouldRetry: boolean | undefined
}

type Moderation = {
  /** Whether the failure mentions moderation at all. */
  isNamed: boolean
  /** What moderation rejected: the prompt and its input pictures, or the generated picture. */
  stage: 'input' | 'output' | 'unknown'
  categories: string[]
}

/** An error or an answer, as far as it is known. */
export type RawFailure = {
  status?: number | undefined
  headers?: Headers | undefined
  /** The `error` of the body, or the whole body if it has none. */
  body: unknown
  /** The message of the client library. */
  message?: string
  /** Whether `body` is the `error` of a JSON body. Default: whether it is an object. */
  isFromApi?: boolean
}

/**
 * Parses a failure in any known form: OpenAI's, Azure's, LocalAI's, FastAPI's `detail`, plain text,
 * or a web page.
 */
export function readFailure(
  { status, headers, body: raw, message = '', isFromApi }: RawFailure,
  apiKey: string,
): Failure {
  const body = unwrap(raw)
  const fields = isObject(body) ? body : {}
  const textField = (name: string): string =>
    typeof fields[name] === 'string' ? redactKeys(fields[name], apiKey) : ''
  const bodyText = messageIn(body)
  const isPage =
    headers?.get('content-type')?.toLowerCase().includes('text/html') === true ||
    /^\s*(\d{3}\s+)?<(!doctype|html)/i.test(bodyText ?? message)
  const text = isPage ? '' : redactKeys(bodyText ?? message, apiKey)
  return {
    status: status === undefined || status < 300 ? statusIn(fields) : status,
    code: textField('code') === '' ? textField('Code') : textField('code'),
    type: textField('type'),
    param: textField('param'),
    text,
    isPage,
    isFromApi: !isPage && isObject(body) && bodyText !== undefined && isFromApi !== false,
    moderation: moderationIn(body, text, apiKey),
    afterMs:
      readRetryAfter(headers) ??
      parseDuration(retryDelayIn(fields)) ??
      parseDuration(/(?:try again|retry) in ([\d.a-z]+?)\.?(?:\s|$)/i.exec(text)?.[1]),
    shouldRetry: shouldRetryIn(headers),
  }
}

/** Google's compatible route wraps its error in a list; some servers nest an error in an error. */
function unwrap(body: unknown): unknown {
  const first: unknown = Array.isArray(body) ? body[0] : body
  return isObject(first) && (isObject(first['error']) || typeof first['error'] === 'string')
    ? first['error']
    : first
}

/** Google states the wait among the details: `{ retryDelay: '34s' }`. */
function retryDelayIn({ details }: Record<string, unknown>): string | undefined {
  const delays = Array.isArray(details)
    ? details.map((each: unknown) => (isObject(each) ? each['retryDelay'] : undefined))
    : []
  return delays.find((delay) => typeof delay === 'string')
}

function shouldRetryIn(headers: Headers | undefined): boolean | undefined {
  const value = headers?.get('x-should-retry')
  return value === 'true' ? true : value === 'false' ? false : undefined
}

/** Servers that always answer 200 state the status in the body. */
function statusIn(fields: Record<string, unknown>): number | undefined {
  return [fields['code'], fields['status'], fields['status_code']]
    .map(Number)
    .find((value) => value >= 400 && value <= 599)
}

/** Names of the message, in the order in which servers with several of them mean it. */
const MESSAGE_KEYS = [
  'message',
  'detail',
  'msg',
  'error_description',
  'status_msg',
  'error_msg',
  'errorMsg',
  'errorMessage',
  'errmsg',
  'Message',
  'fail_reason',
  'failure_reason',
  'reason',
]

/** Finds the message: `{message}`, `{detail}` as text or as FastAPI's list, or plain text. */
function messageIn(body: unknown): string | undefined {
  if (typeof body === 'string') return body
  if (!isObject(body)) return undefined
  const { message, detail } = body
  const text = MESSAGE_KEYS.map((key) => body[key]).find(
    (value) => typeof value === 'string' && value.trim() !== '',
  )
  if (typeof text === 'string') return text
  const inner = ['base_resp', 'Response', 'Error', 'header', 'ResponseMetadata', 'errors']
    .map((key) => (Array.isArray(body[key]) ? (body[key] as unknown[])[0] : body[key]))
    .find((value) => isObject(value) || (typeof value === 'string' && value !== ''))
  if (inner !== undefined) return messageIn(inner)
  if (!Array.isArray(detail)) {
    return isObject(message) || isObject(detail) ? JSON.stringify(message ?? detail) : undefined
  }
  return detail.map(formatDetail).join('; ')
}

/** FastAPI states the field as a path: `{ loc: ['body', 'size'], msg: 'Invalid size' }`. */
function formatDetail(detail: unknown): string {
  if (!isObject(detail)) return String(detail)
  const { loc, msg } = detail
  const field = Array.isArray(loc) ? `${loc.slice(1).join('.')}: ` : ''
  return `${field}${String(msg ?? JSON.stringify(detail))}`
}

const MODERATION =
  /moderation_blocked|content_policy|content_?filter|responsible_?ai|sensitive_words|prompt_blocked|nsfw_content/i

/**
 * Finds what moderation rejected and why: OpenAI's details, Azure's filter results, or words in the
 * message.
 */
function moderationIn(body: unknown, text: string, apiKey: string): Moderation {
  const fields = isObject(body) ? body : {}
  const inner = [fields['inner_error'], fields['innererror']].find(isObject) ?? {}
  const details = isObject(fields['moderation_details']) ? fields['moderation_details'] : {}
  const filtered = filteredCategories(fields, inner)
  const listed = Array.isArray(details['categories']) ? details['categories'].map(String) : filtered
  const inText = /safety_violations=\[([^\]]*)\]/.exec(text)?.[1]?.split(',') ?? []
  const categories = (listed.length > 0 ? listed : inText)
    .map((name) => redactKeys(name, apiKey))
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

/** Lists the categories of Azure's content filter that rejected the request. */
function filteredCategories(
  fields: Record<string, unknown>,
  inner: Record<string, unknown>,
): string[] {
  const results =
    [
      inner['content_filter_results'],
      inner['content_filter_result'],
      fields['content_filter_results'],
    ].find(isObject) ?? {}
  return Object.entries(results).flatMap(([name, result]) =>
    isObject(result) && (result['filtered'] === true || result['detected'] === true) ? [name] : [],
  )
}
