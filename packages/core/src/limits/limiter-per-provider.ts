import type { LimnEvent } from '../events.ts'
import type { ProviderSettings } from '../manifest/manifest.ts'
import type { Clock } from './clock.ts'
import { createLimiter, type Limiter } from './rate-limiter.ts'

export type Limiters = {
  /** That of the provider that is asked now. */
  readonly current: Limiter
  /** Whose it is. */
  readonly provider: ProviderSettings
  /** Most requests at the same time that any of them lets go. */
  readonly mostInFlight: number
  /** Told what happens to the providers: where another takes over, its limits hold. */
  follow(event: LimnEvent): void
}

/**
 * The limiters of a run: each provider in the order of failover has limits of its own.
 * `concurrency` overrides how many requests go at the same time.
 */
export function createLimiters(
  providers: readonly ProviderSettings[],
  {
    concurrency,
    clock,
    signal,
  }: { concurrency: () => number | undefined; clock: Clock; signal: AbortSignal | undefined },
): Limiters {
  let left = providers
  let limiter: Limiter | undefined
  const leave = (isGone: (name: string, index: number) => boolean): void => {
    left = left.filter(({ name }, index) => !isGone(name, index))
    limiter = undefined
  }
  const asked = (): ProviderSettings => left[0] ?? providers[0]!
  return {
    get provider() {
      return asked()
    },
    get current() {
      return (limiter ??= createLimiter({
        limits: asked().limits,
        concurrency: concurrency(),
        clock,
        signal,
      }))
    },
    get mostInFlight() {
      return concurrency() ?? Math.max(...providers.map(({ limits }) => limits.inFlight))
    },
    follow(event) {
      if (event.type === 'passed-over') leave((name) => name === event.provider)
      if (event.type === 'failover') {
        leave((_, index) => index < left.findIndex(({ name }) => name === event.to))
      }
    },
  }
}
