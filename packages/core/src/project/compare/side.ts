import type { FileContent } from '../../git/read-file.ts'
import type { Lock } from '../../lock/lock.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import type { Step } from '../../plan/plan.ts'

/** One side of a comparison: a commit, or the working tree. */
export type Side = {
  /** What messages call it: `main`, `the working tree`. */
  label: string
  /** `undefined` if it has none that this version of Limn accepts. */
  manifest: Manifest | undefined
  lock: Lock
  /** What is not up to date, by asset; empty for a commit. */
  stepByAsset: ReadonlyMap<string, Step>
  /** What the plan would cost, USD at most; `null` if a price is unknown, and for a commit. */
  planUsd: number | null
  /** What of it could not be read, one sentence each. */
  notes: string[]
  /** Reads a picture. `path` is relative to the root. */
  read(path: string): Promise<FileContent>
  /** Identifies the content of a file without reading it: `undefined` if it is not there. */
  identify(path: string): Identity | undefined
}

/** The digest of a file, or the hash of its blob in git. */
type Identity = { sha256: string } | { blob: string }
