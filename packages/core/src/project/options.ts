import type { Diagnostic } from '../diagnostic.ts'
import type { Clock } from '../limits/clock.ts'
import type { ProviderId } from '../manifest/manifest.ts'
import type { Currency } from '../models/cost.ts'
import type { Plan } from '../plan/plan.ts'
import type { ProviderEnvironment } from '../providers/environment.ts'

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
   * Keys and base URLs by the name of their variable, and `XDG_STATE_HOME` or `HOME`, below which
   * the spending of all copies of the project is recorded. Default none.
   */
  env?: ProviderEnvironment | undefined
  /** Clock for waits. Default the system's. */
  clock?: Clock | undefined
}

/** What a plan covers. The default is every asset, without force and without batches. */
export type PlanSelection = {
  /** Only these assets, or those below them (`product/mug`). */
  names?: readonly string[] | undefined
  /** Regenerates the named assets, including pictures that a person edited. Default false. */
  force?: boolean | undefined
  /** Sends requests in batches, at half the price, where possible. Default false. */
  batch?: boolean | undefined
}

/** A plan and what is needed to print it. */
export type PlanResult = {
  plan: Plan
  /** Warnings about the manifest. */
  warnings: Diagnostic[]
  /** Currency in which the manifest shows prices; `null` for USD. */
  currency: Currency | null
}
