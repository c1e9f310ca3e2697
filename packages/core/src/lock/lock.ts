import type { ImageRequest, SourceRequest } from '../identity/request.ts'
import { masterExtensions } from '../manifest/presets.ts'
import type { Usage } from '../models/cost.ts'
import type { Examination } from './examination.ts'

/** The contents of `images.lock`: what was generated, from which request, and its outputs. */
export type Lock = {
  /** Versions of sharp and libvips that encoded the outputs; `null` if there are no outputs. */
  encoder: string | null
  assets: ReadonlyMap<string, LockEntry>
  /** Top-level fields that a newer Limn wrote. They are preserved. */
  extra: Readonly<Record<string, unknown>>
  /** Present if the file has merge conflict markers: both sides are merged here, but not on disk. */
  isMerged?: true
}

/** What the lockfile records for one asset. */
export type LockEntry = {
  /** The whole request rather than its hash, so that a plan can report which field changed. */
  request: ImageRequest | SourceRequest
  master: LockedMaster
  made: MasterRecord
  /** Whether the master is what the manifest expects; absent if it was not examined. */
  examined?: Examination
  /** Outputs by file name, `card-640.avif`. */
  outputs: Readonly<Record<string, LockedOutput>>
}

/**
 * Where a master comes from: `generated` by a model, `adopted` from a person, or `pinned`, which
 * keeps it whatever the manifest says.
 */
export type MasterState = 'generated' | 'adopted' | 'pinned'

/** The full-size picture that outputs are derived from. */
export type LockedMaster = {
  /** Path relative to the root, with `/`. */
  path: string
  sha256: string
  /** Bytes. */
  bytes: number
  /** px. */
  width: number
  height: number
  /** ThumbHash of the picture, base64. */
  thumbhash: string
  /** Number of frames if it is animated; absent otherwise. */
  frames?: number
  state: MasterState
}

/** How a master was made: the record of authorship and cost. */
export type MasterRecord = {
  /** The provider id, `local`, or `adopted`. */
  provider: string
  /** The prompt without the text that styles add. */
  ownPrompt?: string
  /** When the picture was received, ISO 8601 in UTC. */
  at: string
  /** Id of the batch that returned the picture, at the price of batches. */
  batch?: string
  requestId?: string
  revisedPrompt?: string
  /** The prompt that was sent, if it named expectations that an earlier attempt had not met. */
  sentPrompt?: string
  usage?: Usage
  /** Price of all candidates and attempts together, USD; absent if it is unknown. */
  usd?: number
  /** Present if `usd` is an upper bound, because the server did not report tokens. */
  estimated?: true
  /** Number of candidates, if more than one. Every attempt adds its own. */
  candidates?: number
  /** Which candidate is the master, from 1. */
  picked?: number
}

/** One output file. */
export type LockedOutput = {
  /**
   * The recipe hash; `null` if the file was derived from an earlier master and has to be derived
   * again.
   */
  recipe: string | null
  sha256: string
  /** Bytes. */
  bytes: number
  /** px. */
  width: number
  height: number
}

/** The lock of a project without a lockfile. */
export const emptyLock: Lock = { encoder: null, assets: new Map(), extra: {} }

/** Copies a lock with some entries replaced, or removed where the value is `undefined`. */
export function withEntries(
  lock: Lock,
  changes: Iterable<readonly [string, LockEntry | undefined]>,
): Lock {
  const assets = new Map(lock.assets)
  for (const [name, entry] of changes) {
    if (entry === undefined) assets.delete(name)
    else assets.set(name, entry)
  }
  return { ...lock, assets }
}

/** Lists the paths that the master of an asset can have: its extension depends on the bytes. */
export function masterPaths(folder: string, name: string): string[] {
  return masterExtensions.map((extension) => `${folder}/${name}.${extension}`)
}
