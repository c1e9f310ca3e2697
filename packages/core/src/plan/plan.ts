import type { PointerKind } from '../disk/pointer-file.ts'
import type { FieldChange, ImageRequest } from '../identity/request.ts'
import type { Lock } from '../lock/lock.ts'
import type { Verdict } from '../lock/verdict.ts'
import type { ExpectationName } from '../manifest/expectations.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Inventory } from './inventory.ts'

/** Why a plan has a step. */
export type Reason =
  /** The lockfile has no entry for the asset. */
  | { code: 'new' }
  | { code: 'request-changed'; changes: FieldChange[] }
  /** Other input pictures; `inputs` is empty where the asset only has fewer. */
  | { code: 'input-changed'; inputs: string[] }
  | { code: 'master-missing' }
  | { code: 'forced' }
  /** The journal has the picture: a run was interrupted before it reached the lockfile. */
  | { code: 'received-before' }
  /** The request is that of an earlier master, which was replaced and is kept. */
  | { code: 'had-before' }
  | { code: 'renamed'; from: string }
  | { code: 'source-new' }
  | { code: 'source-changed' }
  /** A person made another candidate the master, and nothing has been derived from it yet. */
  | { code: 'picked'; candidate: number }
  /** A person supplied or edited the master, and nothing has been derived from it yet. */
  | { code: 'adopted' }
  | { code: 'outputs-added'; presets: string[] }
  | { code: 'outputs-changed'; presets: string[] }
  /** Files that are neither in the `out` folder nor in this machine's cache. */
  | { code: 'outputs-missing'; files: number }
  | { code: 'outputs-altered'; files: string[] }
  | { code: 'edited' }
  /** The picture cost money at `provider`, and the one that would replace it is free. */
  | { code: 'paid-for'; provider: string }
  | { code: 'kept-missing'; state: 'adopted' | 'pinned' }
  /** The lockfile does not record the file at the place of the master. */
  | { code: 'untracked'; path: string }
  | { code: 'link'; path: string }
  /** Another tool has not downloaded the file at `path`: the master, a source or an input. */
  | { code: 'not-downloaded'; path: string; pointer: PointerKind }
  /** Pictures that it is made from are edited, missing or not in the lockfile. */
  | { code: 'blocked'; inputs: string[] }
  /** Sent in a batch at `since`, ISO 8601, that is still open. */
  | { code: 'in-batch'; since: string }
  /** The picture is paid for; it was not fetched yet from the link that the server answered with. */
  | { code: 'linked' }
  | { code: 'waits-for-batch'; inputs: string[] }
  | { code: 'failed-in-batch' }
  | { code: 'not-in-manifest' }
  /** Nobody has examined whether the picture is what the manifest expects. */
  | { code: 'not-examined' }
  /** The manifest expects something else than what was examined. */
  | { code: 'expectations-changed' }
  /** The picture is another one than the one that was examined. */
  | { code: 'picture-changed' }
  /** Pictures that it is compared with are others now, or this plan replaces them. */
  | { code: 'compared-changed'; assets: string[] }
  /** A command asks for it. */
  | { code: 'examine-requested' }
  /** The picture is not what the manifest expects. */
  | { code: 'not-passed'; failed: Verdict[] }
  /** Outputs in the lockfile that the manifest no longer requests. */
  | { code: 'outputs-not-asked'; files: string[] }

/** What a run does for one asset, or reports and leaves alone (`keep`, `prune`). */
export type Step =
  /**
   * Request a number of `images` from the model, in a `batch` or at once. `usd` is their price at
   * most, `null` if it is unknown. `waitsFor` names the inputs that this plan generates first.
   * `attempts` is the number of such requests at most, until a picture passes; `usd` is the price
   * of all of them. `received` are the keys of pictures of earlier attempts in the journal.
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
      attempts?: number
      received?: string[]
    }
  /**
   * Install a picture that was paid for before: it did not reach the lockfile (`journal`), or
   * another replaced it (`shelf`). `key` is its key there: it names the picture's request, and on
   * the shelf its digest too.
   */
  | {
      kind: 'recover'
      asset: string
      reasons: Reason[]
      request: ImageRequest
      key: string
      from: 'journal' | 'shelf'
    }
  /** Move the master of a renamed asset, then derive the files in `outputs`. */
  | { kind: 'move'; asset: string; reasons: Reason[]; from: string; outputs: string[] }
  /** Derive the files in `outputs` from the existing master. */
  | { kind: 'derive'; asset: string; reasons: Reason[]; outputs: string[] }
  /**
   * Examine whether the picture is what the manifest expects, in addition to the step that makes
   * it. `usd` is what the judge costs at most, `null` if that is unknown, 0 without one.
   */
  | {
      kind: 'examine'
      asset: string
      reasons: Reason[]
      tests: ExpectationName[]
      usd: number | null
    }
  /** Keep the asset unchanged: a person edited it, or its picture is in a batch. */
  | { kind: 'keep'; asset: string; reasons: Reason[] }
  /** Nothing references it. Only `limn prune` removes it. */
  | { kind: 'prune'; asset: string; reasons: Reason[] }

/** The steps that bring the project in line with the manifest. A plain JSON value. */
export type Plan = {
  version: 1
  /** In the order in which they are executed, by kind; then by name. */
  steps: Step[]
  /** Number of assets without a step. */
  unchanged: number
  /** Upper bound of the price of all steps, USD, without the steps whose price is unknown. */
  usd: number
  /** Number of steps whose price is unknown. */
  unknownPrices: number
  /** Sentences about what steps lose in quality or cost more than they could. */
  notes: { asset: string; text: string }[]
}

/** Everything that a plan depends on. */
export type PlanOptions = {
  manifest: Manifest
  lock: Lock
  inventory: Inventory
  /** Names of the assets to plan; their inputs are added. Default: all assets. */
  only?: ReadonlySet<string> | undefined
  /**
   * Generates the assets in `only` again; without `only`, generates the assets that would be kept
   * instead. Default false.
   */
  force?: boolean | undefined
  /** Examines again what was examined before. Default false. */
  examine?: boolean | undefined
  /** Sends requests in batches, at a lower price, where the model allows it. Default false. */
  batch?: boolean | undefined
  /** Hashes of the requests for which a batch has just returned no picture. Default: none. */
  failedInBatch?: ReadonlySet<string> | undefined
  /** Results of an earlier plan, if only some assets of the manifest have changed since. */
  previous?: PreviousPlan | undefined
}

/** What an earlier plan decided that is still valid. */
type PreviousPlan = {
  /** Names of assets in the manifest that had no step and have not changed. */
  unchanged: ReadonlySet<string>
  /** The number of further such assets, which the manifest omits. */
  omitted: number
  /** Steps for assets that have left the manifest. */
  steps: readonly Step[]
}
