/** Identifies what failed. The codes are stable: tools may match on them. */
export type ErrorCode =
  /** The manifest, or a file that it includes, does not exist. */
  | 'manifest/not-found'
  /** The manifest cannot be read: no permission, not a file, or too large. */
  | 'manifest/unreadable'
  /** An asset cannot be edited in the manifest, because other parts of it would change too. */
  | 'manifest/not-editable'
  /** The manifest is no longer the one that was shown before the edit. */
  | 'manifest/changed'
  /** `images.lock` cannot be read or is not a valid lockfile. */
  | 'lock/invalid'
  /** A newer version of Limn wrote `images.lock`. */
  | 'lock/newer'
  /** The project has changed since the plan was saved or confirmed. */
  | 'plan/stale'
  /** The file given with `--plan` is not a saved plan of this version. */
  | 'plan/unreadable'
  /** The manifest has no asset with this name. */
  | 'asset/unknown'
  /** The asset has no picture of its own that the command can use. */
  | 'asset/no-master'
  /** Another asset has the new name of a renamed asset. */
  | 'asset/exists'
  /** The asset has no candidate with this number. */
  | 'asset/no-candidate'
  /** The asset has no earlier picture with this number. */
  | 'asset/no-earlier'
  /** An import or a URL names an output that the asset does not have. */
  | 'output/unknown'
  /** The path of an output or a saved plan has a file that Limn did not write. */
  | 'output/taken'
  /** An output cannot be encoded within its `maxBytes`. */
  | 'output/too-large'
  /** A model of the AI SDK is needed, and there is no `limn.config.ts`. */
  | 'config/not-found'
  /** `limn.config.ts` fails to load or does not export what it should. */
  | 'config/invalid'
  /** `limn.config.ts` would be run, and the user has not agreed to run it. */
  | 'config/not-trusted'
  /** There is no provider with this name. */
  | 'provider/unknown'
  /** The environment variable with the key of the provider is missing or malformed. */
  | 'provider/no-key'
  /** A key would be sent to a host that the user has not agreed to. */
  | 'provider/no-consent'
  /** The provider rejects the request: a model, field or value that it does not support. */
  | 'provider/refused'
  /** The moderation of the provider rejects the prompt, an input or the picture. */
  | 'provider/moderation'
  /** The provider rejects the key, or the key lacks a permission. */
  | 'provider/auth'
  /** The account of the provider has no credit left or has reached its limit. */
  | 'provider/quota'
  /** The provider limits the rate of requests, and all retries were limited too. */
  | 'provider/rate-limit'
  /** The provider fails with an error of its own (5xx). */
  | 'provider/server'
  /** The provider cannot be reached, or the connection breaks. */
  | 'provider/network'
  /** The provider does not respond in time. */
  | 'provider/timeout'
  /** The response has no usable picture or is not understood. */
  | 'provider/bad-answer'
  /** A merge was interrupted, and the folders of its shards may have what a run would pay for. */
  | 'merge/unfinished'
  /** The provider has no Batch API or rejects the batch file. */
  | 'batch/unsupported'
  /** No open batch, or more than one, matches the id. */
  | 'batch/unknown'
  /** A batch may have reached the provider, and its results will say so once they are there. */
  | 'batch/unclear'
  /** The provider rejects a batch, or returns no result for a request in it. */
  | 'batch/failed'
  /** A batch ended before the provider processed a request in it. */
  | 'batch/expired'
  /** A batch was cancelled before the provider processed a request in it. */
  | 'batch/cancelled'
  /** A request could exceed `budget` or `--max-cost`, so it is not sent. */
  | 'budget/exceeded'
  /** A run needs confirmation of its price, which was declined, or which needs a terminal. */
  | 'budget/not-agreed'
  /** A picture cannot be decoded or exceeds the limits. */
  | 'picture/unreadable'
  /** A file or folder of the project cannot be read. */
  | 'store/unreadable'
  /** A file or folder of the project cannot be written: no permission. */
  | 'store/read-only'
  /** The disk is full. */
  | 'store/no-space'
  /** Another operation on a file fails, or a file of Limn's own state is damaged. */
  | 'store/failed'
  /** A path leads outside the project, such as through a symbolic link. */
  | 'store/outside'
  /** Another process holds the writer lock of the project. */
  | 'store/busy'
  /** There is no program `git`. */
  | 'git/not-found'
  /** The project is not in a git repository. */
  | 'git/no-repository'
  /** The repository has no commit with this name. */
  | 'git/unknown-ref'
  /** The clone is shallow, and lacks the commits that are needed. */
  | 'git/shallow'
  /** git fails for another reason. */
  | 'git/failed'
  /** The remote store cannot be reached, or fails. */
  | 'remote/unreachable'
  /** The remote store rejects the credentials, or forbids an operation. */
  | 'remote/denied'
  /** The remote store has no space left. */
  | 'remote/full'
  /** The address of the remote store is not one that Limn supports, or its driver is not installed. */
  | 'remote/invalid'
  /** A remote store would be used that the user has not agreed to. */
  | 'remote/no-consent'
  /** The address of the queue is not one that Limn supports, or its packages are not installed. */
  | 'queue/invalid'
  /** The queue cannot be reached. */
  | 'queue/unreachable'
  /** There is no remote store, which coordinator and workers of a queue share. */
  | 'queue/no-store'
  /** A worker could not do a job, or what it stored cannot be used. */
  | 'queue/failed'
  /** The command line has an unknown or invalid argument. */
  | 'usage'
  /** The user or the caller stopped the operation. */
  | 'aborted'

/** The optional properties of a `LimnError`. */
export type LimnErrorOptions = {
  /** How to fix the problem: one imperative sentence. Default: none. */
  hint?: string
  /** Where the problem is in the user's files, as `file:line:column`. Default: unknown. */
  location?: string
  /** The error that led to this one. */
  cause?: unknown
}

/**
 * A failure of the environment (disk, network, key, provider) or of its use. Limn shows its message
 * and hint without a stack trace. Any other error is a bug.
 */
export class LimnError extends Error {
  override readonly name: string = 'LimnError'
  /** What failed. */
  readonly code: ErrorCode
  /** How to fix the problem: one imperative sentence. */
  readonly hint: string | undefined
  /** Where the problem is, as `file:line:column`. A caller that knows it may set it later. */
  location: string | undefined

  constructor(code: ErrorCode, message: string, options: LimnErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint
    this.location = options.location
  }
}

/** Whether an error is a Node.js system error, with one of the codes (`ENOENT`) if any are given. */
export function isErrno(error: unknown, ...codes: string[]): error is NodeJS.ErrnoException {
  const code =
    error instanceof Error && !(error instanceof LimnError)
      ? (error as NodeJS.ErrnoException).code
      : undefined
  return code !== undefined && (codes.length === 0 || codes.includes(code))
}
