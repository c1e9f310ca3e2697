/** Every way in which Limn's surroundings can fail. Stable: tools may match on it. */
export type ErrorCode =
  | 'manifest/not-found'
  | 'manifest/unreadable'
  | 'manifest/exists'
  | 'lock/invalid'
  | 'lock/newer'
  | 'plan/stale'
  | 'plan/unreadable'
  | 'asset/unknown'
  | 'asset/no-master'
  | 'asset/exists'
  | 'asset/no-candidate'
  | 'output/unknown'
  | 'output/too-large'
  | 'config/not-found'
  | 'config/invalid'
  | 'provider/unknown'
  | 'provider/no-key'
  | 'provider/refused'
  | 'provider/moderation'
  | 'provider/auth'
  | 'provider/quota'
  | 'provider/rate-limit'
  | 'provider/server'
  | 'provider/network'
  | 'provider/timeout'
  | 'provider/bad-answer'
  | 'batch/unsupported'
  | 'batch/unknown'
  | 'batch/failed'
  | 'batch/expired'
  | 'batch/cancelled'
  | 'budget/exceeded'
  | 'budget/not-agreed'
  | 'picture/unreadable'
  | 'store/unreadable'
  | 'store/read-only'
  | 'store/no-space'
  | 'store/failed'
  | 'store/outside'
  | 'store/busy'
  | 'usage'
  | 'aborted'

export type LimnErrorOptions = {
  /** One imperative sentence: what to do about it. */
  hint?: string
  /** Where in the user's files it comes from, as `file:line:column`. */
  location?: string
  cause?: unknown
}

/**
 * A failure of the surroundings (disk, network, key, provider) that is not a bug: it is shown as
 * message and hint, never as a stack trace.
 */
export class LimnError extends Error {
  override readonly name: string = 'LimnError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  /** As in the options; who knows it later sets it. */
  location: string | undefined

  constructor(code: ErrorCode, message: string, options: LimnErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint
    this.location = options.location
  }
}

/** Whether an error is Node's own error of a system call, with its code (`ENOENT`). */
export function isErrno(error: unknown, ...codes: string[]): error is NodeJS.ErrnoException {
  const code =
    error instanceof Error && !(error instanceof LimnError)
      ? (error as NodeJS.ErrnoException).code
      : undefined
  return code !== undefined && (codes.length === 0 || codes.includes(code))
}
