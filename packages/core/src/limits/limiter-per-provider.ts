import type { LimnEvent } from '../events.ts'
import type { ProviderSettings } from '../manifest/manifest.ts'
import type { Clock } from './clock.ts'
import { createLimiter, type Limiter } from './rate-limiter.ts'

export type Limiters = {
  /** The limiter of the current provider. */
  readonly current: Limiter
  /** The current provider. */
  readonly provider: ProviderSettings
  /** Maximum number of concurrent requests over all providers. */
  readonly maxInFlight: number
  /** Switches to the next provider when an event reports a failover. */
  follow(event: LimnEvent): void
}

type LimitersOptions = {
  /** Returns the number of concurrent requests that overrides the limits, if any. */
  concurrency: () => number | undefined
  clock: Clock
  signal: AbortSignal | undefined
}

/** Creates the limiters of a run, one per provider, in the order of failover. */
export function createLimiters(
  providers: readonly ProviderSettings[],
  { concurrency, clock, signal }: LimitersOptions,
): Limiters {
  let remaining = providers
  let limiter: Limiter | undefined
  const drop = (isGone: (name: string, index: number) => boolean): void => {
    remaining = remaining.filter(({ name }, index) => !isGone(name, index))
    limiter = undefined
  }
  const current = (): ProviderSettings => remaining[0] ?? providers[0]!
  return {
    get provider() {
      return current()
    },
    get current() {
      return (limiter ??= createLimiter({
        limits: current().limits,
        concurrency: concurrency(),
        clock,
        signal,
      }))
    },
    get maxInFlight() {
      return concurrency() ?? Math.max(...providers.map(({ limits }) => limits.inFlight))
    },
    follow(event) {
      if (event.type === 'passed-over') drop((name) => name === event.provider)
      if (event.type === 'failover') {
        drop((_, index) => index < remaining.findIndex(({ name }) => name === event.to))
      }
    },
  }
}
