import type { LimnEvent } from '../events.ts'
import type { ProviderSettings } from '../manifest/manifest.ts'
import type { Clock } from './clock.ts'
import { createLimiter, type Limiter, type Need } from './rate-limiter.ts'

/** A provider, and its limiter. */
type Lane = { provider: ProviderSettings; limiter: Limiter }

export type Limiters = {
  /**
   * Returns the lane of a request: the current provider, or of several that share the work the one
   * with the most capacity left.
   *
   * @param supports whether a provider can answer the request. Default: each can
   */
  choose(need: Need, supports?: (provider: ProviderSettings) => boolean): Lane
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
  /** Whether the providers share the work. Default: each one takes over from those before it. */
  isBalanced?: boolean | undefined
  /** Returns the number of concurrent requests that overrides the limits, if any. */
  concurrency: () => number | undefined
  clock: Clock
  signal: AbortSignal | undefined
}

/** Creates the limiters of a run, one per provider. */
export function createLimiters(
  providers: readonly ProviderSettings[],
  options: LimitersOptions,
): Limiters {
  return options.isBalanced === true
    ? createBalancedLimiters(providers, options)
    : createFailoverLimiters(providers, options)
}

/** Creates limiters of which one is used at a time, in the order of failover. */
function createFailoverLimiters(
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
  const currentLimiter = (): Limiter =>
    (limiter ??= createLimiter({
      limits: current().limits,
      concurrency: concurrency(),
      clock,
      signal,
    }))
  return {
    choose: () => ({ provider: current(), limiter: currentLimiter() }),
    get provider() {
      return current()
    },
    get current() {
      return currentLimiter()
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

/** Creates limiters that are used together. */
function createBalancedLimiters(
  providers: readonly ProviderSettings[],
  { concurrency, clock, signal }: LimitersOptions,
): Limiters {
  const lanes = providers.map((provider): Lane => {
    const limiter = createLimiter({ limits: provider.limits, clock, signal })
    return { provider, limiter }
  })
  let remaining = lanes
  const left = (): readonly Lane[] => (remaining.length === 0 ? lanes : remaining)
  return {
    choose: (need, supports = () => true) =>
      chooseLane(
        left().filter(({ provider }) => supports(provider)),
        need,
      ) ?? left()[0]!,
    get provider() {
      return left()[0]!.provider
    },
    get current() {
      const smallest = Math.min(...left().map(({ limiter }) => limiter.maxPictures))
      return left().find(({ limiter }) => limiter.maxPictures === smallest)!.limiter
    },
    get maxInFlight() {
      return concurrency() ?? providers.reduce((sum, { limits }) => sum + limits.inFlight, 0)
    },
    follow(event) {
      const gone =
        event.type === 'failover'
          ? event.from
          : event.type === 'passed-over'
            ? event.provider
            : undefined
      if (gone !== undefined) remaining = remaining.filter(({ provider }) => provider.name !== gone)
    },
  }
}

/**
 * Returns the lane with the most capacity left: one that waits less, and of those that do not wait,
 * the one with the larger part of its requests free.
 */
function chooseLane(lanes: readonly Lane[], need: Need): Lane | undefined {
  const ranked = lanes.map((lane) => ({ lane, ...lane.limiter.capacity(need) }))
  const waitOf = ({ free, wait }: (typeof ranked)[number]): number =>
    free > 0 ? wait : Math.max(wait, 1)
  ranked.sort((a, b) => waitOf(a) - waitOf(b) || b.free - a.free)
  return ranked[0]?.lane
}
