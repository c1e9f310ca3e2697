import { isErrno, LimnError } from '../errors.ts'

/** Creates the error of a store that rejects the credentials, or forbids an operation. */
export function denied(store: string, cause?: unknown): LimnError {
  return new LimnError('remote/denied', `The remote store ${store} denies access.`, {
    hint: 'Check the credentials and their permissions: reading requires to get and list objects, uploading to put them.',
    cause,
  })
}

/** Creates the error of a store without space. */
export function full(store: string, cause?: unknown): LimnError {
  return new LimnError('remote/full', `The remote store ${store} has no space left.`, {
    hint: 'Remove old pictures with `limn cache gc --older-than DAYS`, or enlarge the store.',
    cause,
  })
}

const UNREACHABLE_HINT =
  'Check its address and the network, or set LIMN_REMOTE=off to work without it.'

/** Creates the error of a store that cannot be reached, or fails. `reason` is the end of a sentence. */
export function unreachable(
  store: string,
  reason: string,
  cause?: unknown,
  hint: string = UNREACHABLE_HINT,
): LimnError {
  return new LimnError('remote/unreachable', `The remote store ${store} ${reason}.`, {
    hint,
    cause,
  })
}

/** Creates the error of a response with a status that an operation does not expect. */
export function statusError(store: string, status: number, cause?: unknown): LimnError {
  if (status === 401 || status === 403 || status === 405 || status === 501) {
    return denied(store, cause)
  }
  if (status === 413 || status === 507) return full(store, cause)
  const reason =
    status >= 300 && status < 400
      ? `redirects to another address (${status}), which Limn does not follow`
      : `failed (${status})`
  return unreachable(store, reason, cause)
}

/** Whether an error is one of a store. */
export function isRemoteError(error: unknown): error is LimnError {
  return error instanceof LimnError && error.code.startsWith('remote/')
}

/** Returns the code of a system error for a message, in parentheses after a space; empty if none. */
export function codeText(error: unknown): string {
  return isErrno(error) ? ` (${error.code})` : ''
}
