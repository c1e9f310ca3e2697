import type { ImageRequest, SourceRequest } from '../identity/request.ts'
import { masterExtensions } from '../manifest/presets.ts'
import type { Usage } from '../models/cost.ts'

/** `images.lock` in memory: what was paid for and what came of it. */
export type Lock = {
  /** Versions of sharp and libvips that encoded the outputs; `null` where there are none. */
  encoder: string | null
  assets: ReadonlyMap<string, LockEntry>
  /** Fields of a newer Limn, kept as they are. */
  extra: Readonly<Record<string, unknown>>
  /**
   * Present where the file has the markers of a merge: this is what both sides come to, and it has
   * not been written yet.
   */
  isHealed?: true
}

export type LockEntry = {
  /** What the model was asked, whole, so that a plan can say which field changed. */
  request: ImageRequest | SourceRequest
  master: LockedMaster
  made: MasterRecord
  /** By file name, `card-640.avif`. */
  outputs: Readonly<Record<string, LockedOutput>>
}

/** `generated` by a model, `adopted` from a person, `pinned` whatever the manifest says. */
export type MasterState = 'generated' | 'adopted' | 'pinned'

export type LockedMaster = {
  /** Relative to the root, with `/`. */
  path: string
  sha256: string
  /** Bytes. */
  bytes: number
  /** px. */
  width: number
  height: number
  /** ThumbHash of the picture, base64. */
  thumbhash: string
  state: MasterState
}

/** How a master came to be: the proof of authorship and of cost. */
export type MasterRecord = {
  provider: string
  /** The prompt without what styles added to it. */
  ownPrompt?: string
  /** When it arrived, ISO 8601 in UTC. */
  at: string
  /** The batch that it came in, at half the price. */
  batch?: string
  requestId?: string
  revisedPrompt?: string
  usage?: Usage
  /** USD for all candidates together; absent where the price is not known. */
  usd?: number
  /** Present where `usd` is what it cost at most, as the server did not count tokens. */
  estimated?: true
  /** Pictures that came, where it was more than one, and which of them is the master, from 1. */
  candidates?: number
  picked?: number
}

export type LockedOutput = {
  /**
   * Hash of everything that decides the file; `null` where a person has put another master in the
   * place of the one that it was cut from.
   */
  recipe: string | null
  sha256: string
  /** Bytes. */
  bytes: number
  /** px. */
  width: number
  height: number
}

export const emptyLock: Lock = { encoder: null, assets: new Map(), extra: {} }

/** A lock with some entries set, or taken out where the value is `undefined`. */
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

/** The paths that the master of an asset can have: its extension follows the received bytes. */
export function masterPaths(folder: string, name: string): string[] {
  return masterExtensions.map((extension) => `${folder}/${name}.${extension}`)
}
