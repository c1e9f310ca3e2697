import { describe, expect, test } from 'vitest'
import type { Limits, ProviderSettings } from '../manifest/manifest.ts'
import { resolveProviders } from '../manifest/resolve/providers.ts'
import { ProviderError } from '../providers/provider.ts'
import { createLimiters, type Limiters } from './limiter-per-provider.ts'
import type { Need } from './rate-limiter.ts'

const one: Need = { images: 1, inputImages: 0 }

function providers(...limits: Partial<Limits>[]): ProviderSettings[] {
  const names = ['a', 'b', 'c'].slice(0, limits.length)
  const file = { provider: names, providers: Object.fromEntries(names.map((name) => [name, {}])) }
  return resolveProviders(file, undefined).map((settings, index) => ({
    ...settings,
    limits: { ...settings.limits, isInFlightSaid: true, ...limits[index] },
  }))
}

function balanced(...limits: Partial<Limits>[]): Limiters {
  return createLimiters(providers(...limits), {
    isBalanced: true,
    concurrency: () => undefined,
    clock: { now: () => 0, sleep: () => new Promise(() => {}) },
    signal: undefined,
  })
}

/** Sends requests that stay in flight, and counts them by provider. */
async function send(limiters: Limiters, requests: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (let request = 0; request < requests; request++) {
    const { provider, limiter } = limiters.choose(one)
    counts[provider.name] = (counts[provider.name] ?? 0) + 1
    void limiter.schedule(one, () => new Promise(() => {})).catch(() => {})
    // The request gets its turn.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return counts
}

describe('providers that share the work', () => {
  test.each<[Partial<Limits>[], number, Record<string, number>]>([
    [[{ inFlight: 2 }, { inFlight: 2 }], 4, { a: 2, b: 2 }],
    [[{ inFlight: 1 }, { inFlight: 4 }], 5, { a: 1, b: 4 }],
    [[{ inFlight: 6 }, { inFlight: 2 }, { inFlight: 1 }], 9, { a: 6, b: 2, c: 1 }],
  ])('get requests as far as %j have some free', async (limits, requests, counts) => {
    expect(await send(balanced(...limits), requests)).toEqual(counts)
  })

  test.each<[number, number]>([
    [12, 120],
    [24, 240],
    [60, 600],
  ])('get requests by their rates %d and %d', async (slow, fast) => {
    const limiters = balanced(
      { inFlight: 50, imagesPerMinute: slow },
      { inFlight: 50, imagesPerMinute: fast },
    )
    const counts = await send(limiters, 22)
    expect(counts['b']! / counts['a']!).toBeGreaterThan(4)
  })

  test('get none after a failure that is final', async () => {
    const limiters = balanced({ inFlight: 4 }, { inFlight: 4 }, { inFlight: 4 })
    const error = new ProviderError('provider/auth', 'No.')
    limiters.follow({ type: 'failover', from: 'b', to: 'a', error })
    expect(await send(limiters, 8)).toEqual({ a: 4, c: 4 })
    limiters.follow({ type: 'passed-over', provider: 'a', error })
    expect(limiters.provider.name).toBe('c')
  })

  test('get only what they support', () => {
    const limiters = balanced({ inFlight: 1 }, { inFlight: 8 })
    expect(limiters.choose(one, ({ name }) => name === 'a').provider.name).toBe('a')
    expect(limiters.choose(one).provider.name).toBe('a')
  })

  test('may have all their requests in flight together', () => {
    expect(balanced({ inFlight: 3 }, { inFlight: 5 }).maxInFlight).toBe(8)
  })
})
