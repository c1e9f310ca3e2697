import type { ErrorCode } from '../../errors.ts'
import { CHECK_USAGE, CHECK_USAGE_OF_JUDGE } from '../provider.ts'
import type { ImagesCall } from './images-call.ts'
import type { Failure } from './read-failure.ts'

/*
 * Each failure of the Images API, and of those that the judge uses: what it means, what to do, and whether a retry can help. From
 * OpenAI's error guide and the fields of the `openai` package, 2026-11-22.
 */

/** The APIs with which the judge looks at pictures. */
type JudgeEndpoint = 'responses' | 'chat/completions'

/** The request that failed, and its progress. */
export type FailureContext = {
  model: string
  apiKey: string
  /** Absolute URL of the server; absent if only the client knows it. */
  baseURL?: string
  /** Variable that the key is read from. */
  keyName: string
  endpoint: ImagesCall['endpoint'] | JudgeEndpoint
  /** Whether the request had input pictures. */
  hasPictures: boolean
  /** Whether the server had begun to send a picture. */
  isBegun: boolean
}

export type FailedRequest = Failure & FailureContext

type FailureRow = {
  /** Whether the row describes this failure. */
  when: (failed: FailedRequest) => boolean
  code: ErrorCode
  message: (failed: FailedRequest) => string
  hint: string | ((failed: FailedRequest) => string)
  /** `yes`: a retry can help; `no`: only if the server says so; `never`: not even then. */
  retry: 'yes' | 'no' | 'never'
  /** Whether the server may have generated and billed the picture. Default false. */
  isUncertain?: true
}

/** Codes and types of accounts without credit, those of relays included. */
const QUOTA =
  /insufficient_(user_)?(quota|balance|credits?)|quota_(exceeded|failed)|token_quota|billing_hard_limit|credit_balance|spend_limit|usage_limit_exceeded|arrears/i
/** Messages of servers whose account has no balance. */
const NO_BALANCE = /insufficient (balance|credit|fund)|余额不足|额度不足|欠费/i
/** Messages of servers that answer a wrong key with 400. */
const WRONG_KEY = /\b(incorrect|invalid) api key\b|\bapi key not valid\b/i
/** Statuses of requests that were refused for the moment, with or without a web page. */
const TEMPORARY = [409, 425, 429]
/**
 * Statuses that a gateway may return while the server behind it works on, or after it has finished.
 * Nothing in the body tells who wrote it.
 */
const BY_GATEWAY = [408, 499, 502, 504, 520, 521, 522, 523, 524]
/** Statuses of a gateway that waited too long. */
const GATEWAY_TIMEOUTS = [408, 499, 504, 522, 524]

const RUN_AGAIN = 'Run the command again; finished pictures are kept.'

/** The first row whose `when` returns true describes a failure. */
export const failureTable: readonly FailureRow[] = [
  {
    when: ({ status = 0 }) => status >= 300 && status < 400,
    code: 'provider/refused',
    message: ({ status }) =>
      `The server redirected the request (${status}). Limn does not follow redirects.`,
    hint: 'Check the base URL, especially https:// and the end of the path; set it to the target of the redirect only if you trust that server.',
    retry: 'never',
  },
  {
    when: ({ status = 0 }) => GATEWAY_TIMEOUTS.includes(status),
    code: 'provider/timeout',
    message: ({ status, text, endpoint }) =>
      `The server or a gateway in front of it timed out before the ${wantedOf(endpoint)} was ready (${status})${quote(text)} The ${wantedOf(endpoint)} may have been billed.`,
    hint: ({ endpoint }) => (isOfJudge(endpoint) ? CHECK_USAGE_OF_JUDGE : CHECK_USAGE),
    retry: 'never',
    isUncertain: true,
  },
  {
    when: ({ status = 0 }) => BY_GATEWAY.includes(status),
    code: 'provider/server',
    message: ({ status, text, endpoint }) =>
      `A gateway in front of the server failed (${status})${quote(text)} The ${wantedOf(endpoint)} may have been billed.`,
    hint: ({ endpoint }) => (isOfJudge(endpoint) ? CHECK_USAGE_OF_JUDGE : CHECK_USAGE),
    retry: 'never',
    isUncertain: true,
  },
  {
    when: ({ code, type }) => QUOTA.test(code) || QUOTA.test(type),
    code: 'provider/quota',
    message: ({ text }) => `The account's quota or spending limit is used up${quote(text)}`,
    hint: 'Add credit or raise the limit in the billing settings; waiting does not help.',
    retry: 'never',
  },
  {
    when: ({ moderation }) => moderation.isNamed && moderation.stage === 'output',
    code: 'provider/moderation',
    message: ({ moderation }) =>
      `Moderation rejected the generated picture${list(moderation.categories)}. The picture may have been billed.`,
    hint: 'Reword the prompt: moderation accepted the prompt but rejected the picture.',
    retry: 'never',
  },
  {
    when: ({ moderation }) => moderation.isNamed,
    code: 'provider/moderation',
    message: ({ moderation, hasPictures, endpoint }) =>
      isOfJudge(endpoint)
        ? `Moderation rejected the questions or a picture${list(moderation.categories)}.`
        : `Moderation rejected the prompt${hasPictures ? ' or an input picture' : ''}${list(moderation.categories)}.`,
    hint: ({ hasPictures, endpoint }) =>
      isOfJudge(endpoint)
        ? 'Reword what the asset expects, or use another model for the judge.'
        : `Reword the prompt${hasPictures ? ' or use another input picture' : ''}; the same request fails again.`,
    retry: 'never',
  },
  {
    when: ({ status, text }) => status === 402 || NO_BALANCE.test(text),
    code: 'provider/quota',
    message: ({ text }) => `The account has no balance${quote(text)}`,
    hint: 'Add credit; waiting does not help.',
    retry: 'never',
  },
  {
    when: ({ text }) => /must be verified/i.test(text),
    code: 'provider/auth',
    message: ({ model }) => `Your organisation must be verified to use ${model}.`,
    hint: 'Verify the organisation in its settings at OpenAI (this can take 15 minutes to take effect), or use another model.',
    retry: 'no',
  },
  {
    when: ({ code, text }) =>
      ['model_not_found', 'model_not_available', 'DeploymentNotFound'].includes(code) ||
      /model\b.{0,80} does not exist/i.test(text),
    code: 'provider/refused',
    message: ({ model }) =>
      `The server has no model "${model}", or this key does not have access to it.`,
    hint: 'Use another model, or give the project access to this one.',
    retry: 'no',
  },
  {
    when: ({ code }) => code === 'unsupported_country_region_territory',
    code: 'provider/auth',
    message: () => 'The API is not available in this country or region.',
    hint: 'Set `baseURL` of a provider to a server that is available here.',
    retry: 'no',
  },
  {
    when: ({ status, isPage }) =>
      isPage &&
      status !== undefined &&
      status < 500 &&
      status !== 413 &&
      !TEMPORARY.includes(status),
    code: 'provider/refused',
    message: ({ status }) => `The server answered with a web page instead of JSON (${status}).`,
    hint: 'Check the base URL, and whether a proxy or firewall intercepts the request.',
    retry: 'no',
  },
  {
    when: ({ status, code, text }) =>
      status === 401 || code === 'invalid_api_key' || WRONG_KEY.test(text),
    code: 'provider/auth',
    message: () => 'The server does not accept the key.',
    hint: ({ keyName }) => `Check ${keyName}: the key must belong to this base URL.`,
    retry: 'no',
  },
  {
    when: ({ status }) => status === 403,
    code: 'provider/auth',
    message: ({ text }) => `The key does not permit this request${quote(text)}`,
    hint: "Check the key's permissions and the project it belongs to.",
    retry: 'no',
  },
  {
    when: ({ status }) => status === 404 || status === 405,
    code: 'provider/refused',
    message: ({ status, endpoint, text }) =>
      `The server does not support ${isOfJudge(endpoint) ? endpoint : `images/${endpoint}`} (${status})${quote(text)}`,
    hint: ({ endpoint }) =>
      endpoint === 'responses'
        ? 'Add `quirks: { judgeApi: chat }` to the provider if it has no Responses API, or check the base URL.'
        : endpoint === 'variations'
          ? 'Use a GPT image model, for which Limn requests the variation as an edit.'
          : 'Check the base URL: it usually ends in /v1.',
    retry: 'no',
  },
  {
    when: ({ status }) => status === 413,
    code: 'provider/refused',
    message: () => 'The request is too large for the server.',
    hint: 'Use smaller input pictures or a shorter prompt.',
    retry: 'no',
  },
  {
    when: ({ status, code }) =>
      status === 429 || code === 'rate_limit_exceeded' || code === 'slow_down',
    code: 'provider/rate-limit',
    message: ({ text }) => `The server's rate limit is reached${quote(text)}`,
    hint: 'Run the command again later; finished pictures are kept.',
    retry: 'yes',
  },
  {
    when: ({ status = 0, isFromApi }) =>
      status >= 500 && status !== 501 && status !== 503 && !(status === 500 && isFromApi),
    code: 'provider/server',
    message: ({ status, text, endpoint }) =>
      `The server or a gateway in front of it failed (${status})${quote(text)} The ${wantedOf(endpoint)} may have been billed.`,
    hint: ({ endpoint }) => (isOfJudge(endpoint) ? CHECK_USAGE_OF_JUDGE : CHECK_USAGE),
    retry: 'never',
    isUncertain: true,
  },
  {
    when: ({ status = 0 }) => TEMPORARY.includes(status) || status === 500 || status === 503,
    code: 'provider/server',
    message: ({ status, text }) => `The server failed (${status})${quote(text)}`,
    hint: RUN_AGAIN,
    retry: 'yes',
  },
  {
    // Under 200 or within a stream, Limn cannot know the progress of the request.
    when: ({ status, type }) => status === undefined && type === 'server_error',
    code: 'provider/server',
    message: ({ text, endpoint }) =>
      `The server failed${quote(text)} The ${wantedOf(endpoint)} may have been billed.`,
    hint: ({ endpoint }) => (isOfJudge(endpoint) ? CHECK_USAGE_OF_JUDGE : CHECK_USAGE),
    retry: 'never',
    isUncertain: true,
  },
  {
    when: ({ code, param }) => code === 'unknown_parameter' && param !== '',
    code: 'provider/refused',
    message: ({ param, text }) => `The server does not support the field ${param}${quote(text)}`,
    hint: ({ param }) => `Add \`quirks: { omit: [${param}] }\` to the provider to omit the field.`,
    retry: 'no',
  },
  {
    when: ({ status, text }) => status !== undefined || text !== '',
    code: 'provider/refused',
    message: ({ text, code }) =>
      `The server refused the request${code === '' ? '' : ` (${code})`}${quote(text)}`,
    hint: ({ param }) =>
      keyByParam[param] === undefined
        ? 'Change the setting that the message names in the manifest.'
        : `Change \`${keyByParam[param]}\` in the manifest.`,
    retry: 'no',
  },
]

/** The manifest's name for each field of a request. */
const keyByParam: Readonly<Record<string, string>> = {
  model: 'model',
  prompt: 'prompt',
  size: 'size',
  quality: 'quality',
  background: 'background',
  n: 'candidates',
  image: 'edit',
  mask: 'edit.mask',
  output_format: 'format',
  output_compression: 'compression',
  complexity: 'complexity',
  moderation: 'moderation',
  input_fidelity: 'fidelity',
  partial_images: 'partials',
  style: 'rendering',
  svg: 'svg',
  'svg.model': 'svg.model',
  frame_count: 'frames',
  frame_duration_ms: 'frames',
}

function isOfJudge(endpoint: FailureContext['endpoint']): endpoint is JudgeEndpoint {
  return endpoint === 'responses' || endpoint === 'chat/completions'
}

/** Names what the request was to return. */
export function wantedOf(endpoint: FailureContext['endpoint']): 'answer' | 'picture' {
  return isOfJudge(endpoint) ? 'answer' : 'picture'
}

function list(categories: readonly string[]): string {
  return categories.length === 0 ? '' : `: ${categories.join(', ')}`
}

function quote(text: string): string {
  return text === '' ? '.' : `: ${/[.!?]$/.test(text) ? text : `${text}.`}`
}
