import { type ErrorCode, LimnError } from '../errors.ts'
import { isObject } from '../is-object.ts'
import { ProviderError } from '../providers/provider.ts'
import { redactSecrets, replaceUnprintable } from '../safe-text.ts'

/** Longest message of another process, in characters. */
const MAX_TEXT = 2000
const CODE = /^(?:[a-z]{1,20}\/[a-z-]{1,30}|usage|aborted)$/

/**
 * Formats a failure for the queue, without keys and without a stack trace. A bug is named by its
 * message only.
 */
export function formatFailure(error: unknown): string {
  const { message, code, hint } = describe(error)
  const flags =
    error instanceof ProviderError
      ? { isBegun: error.isBegun, isUnsent: error.isUnsent, isUncertain: error.isUncertain }
      : undefined
  return JSON.stringify({
    code,
    message: redactSecrets(message),
    ...(hint === undefined ? {} : { hint: redactSecrets(hint) }),
    ...(flags === undefined ? {} : { provider: flags }),
  })
}

function describe(error: unknown): { message: string; code: ErrorCode; hint?: string | undefined } {
  if (error instanceof LimnError) return error
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'queue/failed', message: `A worker failed: ${message}` }
}

/** Parses the failure of a job, which anybody may have written. */
export function parseFailure(text: string): LimnError {
  const value = parseJson(text)
  if (!isObject(value)) {
    return new LimnError('queue/failed', `The queue gave the job up: ${toText(text)}`, {
      hint: 'Run the command again to place it again.',
    })
  }
  const { code, message, hint, provider } = value
  const known = typeof code === 'string' && CODE.test(code) ? (code as ErrorCode) : 'queue/failed'
  const said = typeof message === 'string' ? toText(message) : 'A worker failed.'
  const options = typeof hint === 'string' ? { hint: toText(hint) } : {}
  if (!isObject(provider)) return new LimnError(known, said, options)
  return new ProviderError(known, said, {
    ...options,
    isBegun: provider['isBegun'] === true,
    isUnsent: provider['isUnsent'] === true,
    isUncertain: provider['isUncertain'] === true,
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function toText(text: string): string {
  return replaceUnprintable(text.slice(0, MAX_TEXT))
}
