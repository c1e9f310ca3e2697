import type { Budget } from '../limits/budget.ts'
import type { Clock } from '../limits/clock.ts'
import type { Estimates } from '../limits/estimates.ts'
import type { Limiters } from '../limits/limiter-per-provider.ts'
import type { ImageProvider } from '../providers/provider.ts'
import type { RunHistory } from './run-history.ts'
import type { RunTelemetry } from './telemetry.ts'

/** The provider of a run, and what every request to it passes on its way. */
export type ProviderAccess = {
  /** `undefined` if the plan requests no picture. */
  provider: ImageProvider | undefined
  budget: Budget
  estimates: Estimates
  /**
   * Models, `PROVIDER/MODEL`, that returned fewer pictures than requested: Limn requests one at a
   * time from them.
   */
  modelsWithOne: Set<string>
  /**
   * How many times its price in the plan an asset may cost; Infinity if the caller limits the run.
   * An asset never uses up what the plan has for others.
   */
  planFactor: number
  limiters: Limiters
  history: RunHistory
  telemetry: RunTelemetry
  clock: Clock
  /** Whether to retry requests that may have been billed, whatever the manifest says. */
  retryUncertain: boolean
}
