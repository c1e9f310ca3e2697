import type { Diagnostic } from '../diagnostic.ts'
import type { OnEvent } from '../events.ts'
import type { Clock } from '../limits/clock.ts'
import type { Manifest, ProviderId } from '../manifest/manifest.ts'
import type { Currency } from '../models/cost.ts'
import type { CostGroup } from '../plan/cost-groups.ts'
import type { Plan } from '../plan/plan.ts'
import type { Shard } from '../plan/shards.ts'
import type { ProviderEnvironment } from '../providers/environment.ts'

/** One part of a run that several machines share. */
export type { Shard } from '../plan/shards.ts'

/** A question to the user. `grant` is what a yes grants, as `limn trust grant` takes it. */
export type TrustQuestion = {
  grant: string
  /** What asks for it: a sentence with the place, without a hint. */
  message: string
}

export type ProjectOptions = {
  /** Folder that `manifest` is relative to. Absolute. */
  cwd: string
  /** Path of the manifest. Default `images.yaml`. */
  manifest?: string | undefined
  /** Provider that overrides the manifest's. */
  provider?: ProviderId | undefined
  /**
   * Profile that overrides model and quality of the run: one of the manifest, or `draft` (has its
   * own lockfile and masters in `.limn/drafts`), `preview`, `production`, `premium`.
   */
  profile?: string | undefined
  /**
   * Keys, base URLs, LIMN_TRUST and proxies by the name of their variable, and `XDG_STATE_HOME` or
   * `HOME`, below which the spending of all copies of the project is recorded. OPENAI_BASE_URL and
   * LIMN_TRUST are the user's consent, except for what `envFiles` names. Default none.
   */
  env?: ProviderEnvironment | undefined
  /**
   * Absolute paths of the project's files that variables of `env` come from, by variable. Default:
   * all variables are the user's own.
   */
  envFiles?: Readonly<Record<string, string>> | undefined
  /** The file with the user's grants, absolute. Default: none is read or written. */
  trustFile?: string | undefined
  /**
   * Asks the user to send a key to a host, or to run the program of the project. A yes is stored in
   * `trustFile`. Default: nobody can be asked, so the action fails.
   */
  askForTrust?: ((question: TrustQuestion) => Promise<boolean>) | undefined
  /**
   * The options that a command for this project needs where the user is, as hints name them:
   * `['-C', 'site', '-m', 'shop/images.yaml']`. Default: the manifest, if it is not `images.yaml`
   * in `cwd`.
   */
  commandOptions?: readonly string[] | undefined
  /** Clock for waits. Default the system's. */
  clock?: Clock | undefined
}

/** What a plan covers. The default is every asset, without force and without batches. */
export type PlanSelection = {
  /** Only these assets, or those below them (`product/mug`). */
  names?: readonly string[] | undefined
  /** Regenerates the named assets, including pictures that a person edited. Default false. */
  force?: boolean | undefined
  /** Sends requests in batches, at a lower price, where possible. Default false. */
  batch?: boolean | undefined
  /** Examines pictures with expectations again, whatever is known about them. Default false. */
  examine?: boolean | undefined
  /** Only the part of the run that this machine does. Default: all of it. */
  shard?: Shard | undefined
}

/** What is planned, and whether the remote store is asked. */
export type PlanningOptions = PlanSelection & {
  /** Whether to ask the remote store which pictures it has. Default false: the plan is offline. */
  remote?: boolean | undefined
  signal?: AbortSignal | undefined
}

/** What the remote store has of a plan. */
export type RemoteForecast = {
  store: string
  /** The number of requests that were looked up. */
  asked: number
  /** The assets whose pictures the store has. `limn generate` recovers them at no cost. */
  found: string[]
  /** The part of the plan's price that this saves at most, USD; `null` if it is unknown. */
  usd: number | null
}

/** A plan and what is needed to print it. */
export type PlanResult = {
  plan: Plan
  /** What the remote store has, if the selection asks for it. */
  remote?: RemoteForecast
  /** Warnings about the manifest. */
  warnings: Diagnostic[]
  /** Currency in which the manifest shows prices; `null` for USD. */
  currency: Currency | null
  /** The requests of the plan by what caused them, the most expensive group first. */
  groups: CostGroup[]
}

/** What `generate` does, within what limits, and whom it asks. */
export type GenerateOptions = PlanSelection & {
  /** A saved plan: the run fails if it no longer applies. */
  plan?: Plan | undefined
  /** Executes only steps that cost nothing and contact no host outside this machine. Default false. */
  freeOnly?: boolean | undefined
  /** Only examines pictures. Default false. */
  examineOnly?: boolean | undefined
  /**
   * The address of a queue, `redis://host:6379/0#name`, whose workers send the requests and derive
   * the outputs. Default: this process does.
   */
  queue?: string | undefined
  /** Whether to derive outputs, not only to generate masters. Default true. */
  derive?: boolean | undefined
  /** Limit for this run in addition to the manifest's `budget`, USD. Default no limit. */
  maxUsd?: number | undefined
  /**
   * Whether to retry requests that may have been billed, each attempt of which may be billed.
   * Default: `limits.retryUncertain` of the manifest.
   */
  retryUncertain?: boolean | undefined
  /** Partial pictures to request from models that stream, 0 to 3. Overrides the manifest. */
  partials?: number | undefined
  /**
   * Receives the plan before any step is executed and before other processes have to wait; throws
   * to reject it. If the plan becomes more expensive afterwards, the run fails.
   */
  approve?: ((plan: Plan, manifest: Manifest) => Promise<void>) | undefined
  /**
   * Receives the requests of the plan by cause, before `approve`, and returns the names of the
   * assets to request, and the limit of the run, USD; throws to request none. Assets that are made
   * from others that are left out are left out, too.
   */
  choose?:
    | ((
        groups: CostGroup[],
        plan: Plan,
        manifest: Manifest,
      ) => Promise<{ assets: ReadonlySet<string>; maxUsd?: number | undefined }>)
    | undefined
  onEvent?: OnEvent | undefined
  /** When it fires, no further step starts; requests in flight are still received. */
  signal?: AbortSignal | undefined
  /**
   * When it fires, requests in flight are abandoned too; received pictures are still stored. Fires
   * after `signal`.
   */
  quit?: AbortSignal | undefined
}
