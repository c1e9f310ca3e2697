import type { ErrorCode } from '../../errors.ts'
import { LimnError } from '../../errors.ts'
import { isOpenAI } from '../environment.ts'
import { scrub } from '../http/redact-keys.ts'
import { ProviderError } from '../provider.ts'
import type { ApiCall } from './images-call.ts'
import { isObject } from './read-answer.ts'
import { type Failure, type RawFailure, readFailure } from './read-failure.ts'

/*
 * What each failure of the Images API means, what to do, and whether asking again can
 * help. From OpenAI's error guide and the fields of the `openai` package, 2026-11-22.
 */

/** What was asked, and how far it had come. */
export type FailureContext = {
  model: string
  apiKey: string
  /** Who was asked, as an absolute URL; absent where only the client knows. */
  baseURL?: string
  /** The variable that the key is read from. */
  keyName: string
  endpoint: ApiCall['endpoint']
  /** Whether pictures went with the prompt. */
  hasPictures: boolean
  /** Whether the server had begun to send a picture. */
  isBegun: boolean
}

type Told = Failure & FailureContext

type Row = {
  /** Whether the row speaks of this failure. */
  when: (told: Told) => boolean
  code: ErrorCode
  message: (told: Told) => string
  hint: string | ((told: Told) => string)
  /** `yes`: it may pass; `no`: only where the server says so; `never`: not even then. */
  retry: 'yes' | 'no' | 'never'
}

/** Codes and types of accounts whose money is used up, those of relays among them. */
const QUOTA =
  /insufficient_(user_)?(quota|balance|credits?)|quota_(exceeded|failed)|token_quota|billing_hard_limit|credit_balance|spend_limit|usage_limit_exceeded|arrears/i
/** Servers that answer a wrong key with 400 say so in words. */
const WRONG_KEY = /\b(incorrect|invalid) api key\b|\bapi key not valid\b/i
/** Statuses of proxies that may pass, page or not. */
const PASSING = [408, 409, 425, 429]

const rows: readonly Row[] = [
  {
    when: ({ status = 0 }) => status >= 300 && status < 400,
    code: 'provider/refused',
    message: ({ status }) =>
      `The server leads on to another address (${status}), and Limn does not follow.`,
    hint: 'Check the base URL, https:// and the end of the path above all; write the other address there if you trust it.',
    retry: 'never',
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
      `Moderation refused the picture once it was drawn${listed(moderation.categories)}. It may have been billed all the same.`,
    hint: 'Reword the prompt: what it asks for was let through, and what was drawn was not.',
    retry: 'never',
  },
  {
    when: ({ moderation }) => moderation.isNamed,
    code: 'provider/moderation',
    message: ({ moderation, hasPictures }) =>
      `The prompt${hasPictures ? ', or a picture that goes with it,' : ''} was refused by moderation${listed(moderation.categories)}.`,
    hint: ({ hasPictures }) =>
      `Reword the prompt${hasPictures ? ', or take another picture' : ''}; asking again gives the same answer.`,
    retry: 'never',
  },
  {
    when: ({ status, text }) => status === 402 || /insufficient (balance|credit)/i.test(text),
    code: 'provider/quota',
    message: ({ text }) => `The account has no balance${quote(text)}`,
    hint: 'Add credit; waiting does not help.',
    retry: 'never',
  },
  {
    when: ({ text }) => /must be verified/i.test(text),
    code: 'provider/auth',
    message: ({ model }) => `Your organisation must be verified to use ${model}.`,
    hint: "Verify it in the organisation's settings at OpenAI (it takes up to 15 minutes to count), or name another model.",
    retry: 'no',
  },
  {
    when: ({ code, text }) =>
      ['model_not_found', 'model_not_available', 'DeploymentNotFound'].includes(code) ||
      /model\b.{0,80} does not exist/i.test(text),
    code: 'provider/refused',
    message: ({ model }) => `The server has no model ${model}, or this key may not use it.`,
    hint: 'Name another model, or give the project access to this one.',
    retry: 'no',
  },
  {
    when: ({ code }) => code === 'unsupported_country_region_territory',
    code: 'provider/auth',
    message: () => 'The API is not offered in this country or region.',
    hint: 'Use a server that is, through `baseURL` of a provider.',
    retry: 'no',
  },
  {
    when: ({ status, isPage }) =>
      isPage && status !== undefined && status < 500 && status !== 413 && !PASSING.includes(status),
    code: 'provider/refused',
    message: ({ status }) => `A web page came in the place of an answer (${status}).`,
    hint: 'Check the base URL, and whether a proxy or firewall stands between.',
    retry: 'no',
  },
  {
    when: ({ status, code, text }) =>
      status === 401 || code === 'invalid_api_key' || WRONG_KEY.test(text),
    code: 'provider/auth',
    message: () => 'The server does not accept the key.',
    hint: ({ keyName }) => `Check ${keyName}, and that it belongs to this base URL.`,
    retry: 'no',
  },
  {
    when: ({ status }) => status === 403,
    code: 'provider/auth',
    message: ({ text }) => `The key may not do this${quote(text)}`,
    hint: "Check the key's permissions and the project it belongs to.",
    retry: 'no',
  },
  {
    when: ({ status }) => status === 404 || status === 405,
    code: 'provider/refused',
    message: ({ status, endpoint, text }) =>
      `The server knows no images/${endpoint} (${status})${quote(text)}`,
    hint: ({ endpoint }) =>
      endpoint === 'variations'
        ? 'Name a GPT image model: it is asked for a variation as an edit.'
        : 'Check the base URL: it mostly ends with /v1.',
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
    hint: 'Run the command again later: what is done stays done.',
    retry: 'yes',
  },
  {
    // A proxy lost patience; the server behind it may well draw on, and bill.
    when: ({ status, isPage }) => status === 524 || (status === 504 && isPage),
    code: 'provider/timeout',
    message: ({ status }) =>
      `A proxy before the server did not wait for the picture (${status}). It may have been billed all the same.`,
    hint: 'Look at the usage page before you run the command again; a lower quality or a smaller size comes sooner.',
    retry: 'never',
  },
  {
    when: ({ status }) =>
      status !== undefined && (PASSING.includes(status) || (status >= 500 && status !== 501)),
    code: 'provider/server',
    message: ({ status, text }) => `The server failed (${status})${quote(text)}`,
    hint: 'Run the command again: what is done stays done.',
    retry: 'yes',
  },
  {
    // Under a 200, or within a stream: nobody knows how far it had come.
    when: ({ status, type }) => status === undefined && type === 'server_error',
    code: 'provider/server',
    message: ({ text }) => `The server failed${quote(text)}`,
    hint: 'Run the command again: what is done stays done.',
    retry: 'no',
  },
  {
    when: ({ code, param }) => code === 'unknown_parameter' && param !== '',
    code: 'provider/refused',
    message: ({ param, text }) => `The server does not know the field ${param}${quote(text)}`,
    hint: ({ param }) =>
      `Have it left out: write \`quirks: { omit: [${param}] }\` at its provider.`,
    retry: 'no',
  },
  {
    when: ({ status, text }) => status !== undefined || text !== '',
    code: 'provider/refused',
    message: ({ text, code }) =>
      `The server refused the request${code === '' ? '' : ` (${code})`}${quote(text)}`,
    hint: ({ param }) =>
      keyByParam[param] === undefined
        ? 'Change the setting it speaks of in the manifest.'
        : `Change \`${keyByParam[param]}\` in the manifest.`,
    retry: 'no',
  },
]

/** What the manifest calls the fields of a request. */
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
  frame_count: 'frames',
  frame_duration_ms: 'frames',
}

/** Puts what the `openai` package threw into words. Keys never come through. */
export function explainOpenAIError(error: unknown, context: FailureContext): unknown {
  if (error instanceof LimnError || !(error instanceof Error)) return error
  // The classes are told apart by name: importing them would load the package on every path.
  const kind = error.constructor.name
  // A connection that breaks within the answer comes as fetch's own error.
  if (
    kind === 'APIConnectionError' ||
    kind === 'APIConnectionTimeoutError' ||
    (kind === 'TypeError' && causeCodes(error).length > 0)
  ) {
    return explainConnection(error, kind === 'APIConnectionTimeoutError', context.baseURL)
  }
  if (kind === 'APIUserAbortError') {
    return new LimnError('aborted', 'Stopped before the picture came.')
  }
  const {
    status,
    error: body,
    headers,
  } = error as { status?: number; error?: unknown; headers?: Headers }
  if (status === undefined && body === undefined) {
    return new ProviderError(
      'provider/bad-answer',
      'The server gave an answer that is not of the Images API.',
      {
        hint: 'Check the base URL.',
        cause: scrub(error.message, context.apiKey),
        isBegun: context.isBegun,
      },
    )
  }
  return explainFailure(
    readFailure({ status, body, headers, message: error.message }, context.apiKey),
    context,
  )
}

/** A 200 without a picture: some servers put an error in it, some leave the list empty. */
export function explainEmptyAnswer(answer: unknown, context: FailureContext): ProviderError {
  if (!isObject(answer)) {
    return new ProviderError(
      'provider/bad-answer',
      'The server gave an answer that is not of the Images API.',
      { hint: 'Check the base URL.' },
    )
  }
  const { error, data, ...rest } = answer
  const failure = readFailure({ body: error ?? rest }, context.apiKey)
  // Some say `success` beside an empty list.
  const isRefusal =
    (error !== undefined && error !== null) ||
    failure.moderation.isNamed ||
    (data === undefined && failure.text !== '')
  if (isRefusal) return explainFailure(failure, context)
  return new ProviderError('provider/bad-answer', 'The server answered without a picture.', {
    hint: 'It may have been refused by moderation: reword the prompt, or ask another model.',
  })
}

function explainFailure(failure: Failure, context: FailureContext): ProviderError {
  const told: Told = { ...failure, ...context }
  const row = rows.find(({ when }) => when(told))
  if (row === undefined) {
    return new ProviderError('provider/bad-answer', 'The server gave an error without a word.', {
      hint: 'Run the command again; if it stays, check the base URL.',
      isBegun: context.isBegun,
    })
  }
  const { afterMs, shouldRetry, moderation } = failure
  // What has begun to be drawn may be billed, and is not asked for again by itself.
  const mayPass = row.retry !== 'never' && !context.isBegun && (shouldRetry ?? row.retry === 'yes')
  const retry = !mayPass ? undefined : afterMs === undefined ? {} : { afterMs }
  const hint = typeof row.hint === 'string' ? row.hint : row.hint(told)
  return new ProviderError(row.code, row.message(told), {
    hint,
    retry,
    isBegun: context.isBegun || moderation.stage === 'output',
  })
}

const BASE_URL = 'the base URL: OPENAI_BASE_URL, or `baseURL` of the provider in the manifest'
const NEVER_SENT = [
  'ERR_INVALID_URL',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]
/** What `fetch` says where it does not even try: some ports are closed to it. */
const NEVER_TRIED = ['bad port', 'unknown scheme']
/** What Node says of a certificate, or of a server that does not speak TLS at all. */
const UNTRUSTED =
  /^(CERT_|ERR_TLS_|ERR_SSL_|EPROTO$|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_)/
const TOO_SLOW = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']

/** Puts an answer that is no picture into words, whoever's client it came through. */
export function explainStatus(raw: RawFailure, context: FailureContext): ProviderError {
  return explainFailure(readFailure(raw, context.apiKey), context)
}

/**
 * Refused connections and unknown hosts never reached anybody; a broken one, or one that fell
 * silent, may have been billed. `baseURL` is who was asked, where that is known: only its host is
 * told, as paths may hold keys.
 */
export function explainConnection(
  error: Error,
  isTimeout: boolean,
  baseURL?: string,
): ProviderError {
  const codes = causeCodes(error)
  const isSent = causesOf(error).some(({ syscall }) => syscall === 'read' || syscall === 'write')
  const why = codes[0] === undefined ? '' : ` (${codes[0]})`
  const who = baseURL === undefined ? 'The server' : new URL(baseURL).origin
  const isOfficial = baseURL !== undefined && isOpenAI(baseURL)
  const look = 'Look at the usage page before you run the command again.'
  if (causesOf(error).some(({ message }) => NEVER_TRIED.includes(message))) {
    return new ProviderError(
      'provider/network',
      `${who} can't be asked: web clients keep away from that port.`,
      { hint: `Give the server another port, or check ${BASE_URL}.`, isUnsent: true },
    )
  }
  if (!isSent && codes.some((code) => NEVER_SENT.includes(code))) {
    return new ProviderError('provider/network', `${who} can't be reached${why}.`, {
      hint: isOfficial
        ? 'Check the network.'
        : `Check that the server runs, the network, and ${BASE_URL}.`,
      retry: {},
      isUnsent: true,
    })
  }
  if (codes.some((code) => UNTRUSTED.test(code))) {
    return new ProviderError(
      'provider/network',
      `No safe connection to the server can be made${why}.`,
      {
        hint: 'Check the base URL; where a proxy of your company stands between, name its certificate in NODE_EXTRA_CA_CERTS.',
        isUnsent: true,
      },
    )
  }
  if (isTimeout || codes.some((code) => TOO_SLOW.includes(code))) {
    return new ProviderError(
      'provider/timeout',
      'The server did not answer in time. The picture may have been billed all the same.',
      { hint: look },
    )
  }
  return new ProviderError(
    'provider/network',
    `The connection broke before the picture came${why}. It may have been billed all the same.`,
    { hint: look },
  )
}

function causeCodes(error: unknown): string[] {
  return causesOf(error).flatMap(({ code }) => (typeof code === 'string' ? [code] : []))
}

function causesOf(error: unknown): NodeJS.ErrnoException[] {
  const causes: NodeJS.ErrnoException[] = []
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) causes.push(cause)
  return causes
}

function listed(categories: readonly string[]): string {
  return categories.length === 0 ? '' : `: ${categories.join(', ')}`
}

function quote(text: string): string {
  return text === '' ? '.' : `: ${/[.!?]$/.test(text) ? text : `${text}.`}`
}
