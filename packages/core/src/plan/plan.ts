import type { FieldChange, ImageRequest } from '../identity/request.ts'
import type { Lock } from '../lock/lock.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Inventory } from './inventory.ts'

/** Why a step is there. */
export type Reason =
  | { code: 'new' }
  | { code: 'request-changed'; changes: FieldChange[] }
  | { code: 'input-changed'; inputs: string[] }
  | { code: 'master-missing' }
  | { code: 'forced' }
  | { code: 'received-before' }
  | { code: 'had-before' }
  | { code: 'renamed'; from: string }
  | { code: 'source-new' }
  | { code: 'source-changed' }
  /** A person made another candidate the master, and nothing has been cut from it yet. */
  | { code: 'picked'; candidate: number }
  /** A person brought or edited the master, and nothing has been cut from it yet. */
  | { code: 'adopted' }
  | { code: 'outputs-added'; presets: string[] }
  | { code: 'outputs-changed'; presets: string[] }
  | { code: 'outputs-missing'; files: number }
  | { code: 'outputs-altered'; files: string[] }
  | { code: 'edited' }
  | { code: 'paid-for'; provider: string }
  | { code: 'kept-missing'; state: 'adopted' | 'pinned' }
  | { code: 'untracked'; path: string }
  | { code: 'link'; path: string }
  /** Sent at `since`, ISO 8601, and not come back yet. */
  | { code: 'in-batch'; since: string }
  | { code: 'waits-for-batch'; inputs: string[] }
  | { code: 'failed-in-batch' }
  | { code: 'not-in-manifest' }
  | { code: 'outputs-not-asked'; files: string[] }

/** One thing to do, or to leave alone and tell. */
export type Step =
  /**
   * Ask the model for so many `images`, in a `batch` or at once. `waitsFor` names the assets of
   * this plan that it is made from.
   */
  | {
      kind: 'generate'
      asset: string
      reasons: Reason[]
      request: ImageRequest
      usd: number | null
      images: number
      waitsFor?: string[]
      batch?: true
    }
  /**
   * Take a picture that was paid for before: it has not reached the lock (`journal`), or gave way
   * to another (`shelf`). `key` is its key there.
   */
  | {
      kind: 'recover'
      asset: string
      reasons: Reason[]
      request: ImageRequest
      key: string
      from: 'journal' | 'shelf'
    }
  /** Move a master, as its asset has another name now. `outputs` are the files to make. */
  | { kind: 'move'; asset: string; reasons: Reason[]; from: string; outputs: string[] }
  /** Cut files from the master that is there. */
  | { kind: 'derive'; asset: string; reasons: Reason[]; outputs: string[] }
  /** A person's work is in the way, or it is asked in a batch: nothing is done. */
  | { kind: 'keep'; asset: string; reasons: Reason[] }
  /** Nothing asks for it any more. Only `limn prune` removes it. */
  | { kind: 'prune'; asset: string; reasons: Reason[] }

/** What brings the repo in line with the manifest. JSON through and through. */
export type Plan = {
  version: 1
  /** What costs money first, then by name. */
  steps: Step[]
  unchanged: number
  /** Upper bound of what the steps cost, in USD, without those whose price is not known. */
  usd: number
  unknownPrices: number
  /** What the sizes of masters cost their outputs, for assets that will be generated or cut. */
  notes: { asset: string; text: string }[]
}

export type PlanOptions = {
  manifest: Manifest
  lock: Lock
  inventory: Inventory
  /** Only these assets; all where absent. */
  only?: ReadonlySet<string> | undefined
  /**
   * Generate again what is named in `only`; where nothing is, only what is kept from being
   * generated.
   */
  force?: boolean | undefined
  /** Ask in batches, at half the price, where that is possible. */
  batch?: boolean | undefined
  /**
   * Hashes of requests that a batch brought no picture for just now: they are not asked for again
   * at once.
   */
  failedInBatch?: ReadonlySet<string> | undefined
  /** What the plan before tells, where nothing but some assets of the manifest has changed since. */
  known?: KnownBefore | undefined
}

export type KnownBefore = {
  /**
   * Of the manifest's assets those that no step spoke of and that have not changed: nothing is to
   * be done for them.
   */
  settled: ReadonlySet<string>
  /** How many more of them there are, which were left out of the manifest. */
  leftOut: number
  /** Steps for what has left the manifest. */
  steps: readonly Step[]
}
