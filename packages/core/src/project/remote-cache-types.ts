import type { BadObject } from '../remote/verify-store.ts'

/** Options of every action. When `signal` fires, the action fails. */
export type RemoteCacheOptions = { signal?: AbortSignal | undefined }

/** Options of `gc`. */
export type SweepOptions = RemoteCacheOptions & {
  /** Age from which answers are removed too, days. Default: none are. */
  olderThan?: number | undefined
  /** Whether to remove nothing. Default false. */
  dryRun?: boolean | undefined
}

/** Options of `verify`. */
export type VerifyOptions = RemoteCacheOptions & {
  /** Whether to remove the objects that are damaged or incomplete. Default false. */
  isDeleting?: boolean | undefined
}

/** What `push` did. Assets are in the order of their names. */
export type PushResult = {
  store: string
  /** Pictures that were uploaded, candidates included. */
  uploaded: number
  /** Masters that the store has now. */
  masters: number
  /** Assets whose master is not on this machine as the lockfile has it. */
  skipped: string[]
}

/** What `pull` did. */
export type PullResult = {
  store: string
  /** Paths of the downloaded masters, relative to the root. */
  pulled: string[]
  /** Assets whose master the store does not have, or has damaged. */
  missing: string[]
  /** Keys of damaged objects. */
  damaged: string[]
}

/** What a store contains. */
export type StoreStatus = {
  store: string
  /** `null` if the store can't be listed. */
  contents: { pictures: number; bytes: number; answers: number; claims: number } | null
  /** Masters of the lockfile, and how many of them the store has. */
  masters: { total: number; stored: number }
}

/** What `gc` removed, or would remove. */
export type SweepResult = { store: string; keys: string[]; bytes: number }

/** What `verify` found. `deleted` are the keys that it removed. */
export type VerifyResult = { store: string; checked: number; bad: BadObject[]; deleted: string[] }

/** What can be done with a remote store. Every action throws ManifestError, LimnError. */
export type RemoteCache = {
  /** Uploads the masters of the lockfile and their candidates, except for what the store has. */
  push(options?: RemoteCacheOptions): Promise<PushResult>
  /** Downloads the masters that the lockfile names and this machine does not have. */
  pull(options?: RemoteCacheOptions): Promise<PullResult>
  /** Measures the store. */
  stat(options?: RemoteCacheOptions): Promise<StoreStatus>
  /**
   * Removes claims of a day ago, pictures that no answer has named for a week, and old answers.
   * Never removes what the lockfile of this project names.
   */
  gc(options?: SweepOptions): Promise<SweepResult>
  /** Reads every object, and returns those that Limn does not use. */
  verify(options?: VerifyOptions): Promise<VerifyResult>
}
