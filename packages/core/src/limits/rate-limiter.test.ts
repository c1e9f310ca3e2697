import { expect, test } from 'vitest'
import type { Limits } from '../manifest/manifest.ts'
import { ProviderError, type RateFacts } from '../providers/provider.ts'
import {
  createLimiter,
  type LimiterOptions,
  type LimitWait,
  type RateWait,
} from './rate-limiter.ts'

const unknownLimits: Limits = {
  inFlight: 4,
  isInFlightSaid: false,
  retryUncertain: false,
  imagesPerMinute: null,
  inputImagesPerMinute: null,
}
const refusal = (afterMs?: number): ProviderError =>
  new ProviderError('provider/rate-limit', 'Too fast.', {
    retry: afterMs === undefined ? {} : { afterMs },
  })

type Call = {
  id: number
  at: number
  onRate: (rate: RateFacts) => void
  succeed: () => void
  fail: (error: unknown) => void
}

/** Creates a limiter whose clock advances only on demand, and records its requests. */
function createTestLimiter(options: Partial<LimiterOptions> = {}) {
  let time = 0
  const sleepers = new Set<{ until: number; wake: () => void; stop: () => void }>()
  const limiter = createLimiter({
    limits: unknownLimits,
    clock: {
      now: () => time,
      sleep: (ms, signal) =>
        new Promise((wake, stop) => {
          const sleeper = {
            until: time + ms,
            wake,
            stop: () => stop(new DOMException('The operation was aborted', 'AbortError')),
          }
          sleepers.add(sleeper)
          signal?.addEventListener('abort', () => sleeper.stop())
        }),
    },
    ...options,
  })
  const open = new Set<Call>()
  const made: number[] = []
  const results = new Map<number, unknown>()
  const waits: RateWait[] = []
  const limits: LimitWait[] = []
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    limiter,
    open,
    made,
    results,
    waits,
    limits,
    settle,
    /** Schedules `count` requests, for one picture each. */
    async schedule(count: number): Promise<void> {
      for (let index = 0; index < count; index++) {
        const id = results.size + index
        const call = (onRate: Call['onRate']): Promise<string> =>
          new Promise((resolve, reject) => {
            made.push(id)
            const end = (finish: () => void) => (): void => {
              open.delete(entry)
              finish()
            }
            const entry: Call = {
              id,
              at: time,
              onRate,
              succeed: end(() => resolve('picture')),
              fail: (error) => end(() => reject(error))(),
            }
            open.add(entry)
          })
        limiter
          .schedule({ images: 1, inputImages: 0 }, call, {
            onRefused: (wait) => waits.push(wait),
            onLimit: (wait) => limits.push(wait),
          })
          .then(
            (result) => results.set(id, result),
            (error: unknown) => results.set(id, error),
          )
      }
      await settle()
    },
    async advance(ms: number): Promise<void> {
      time += ms
      for (const sleeper of sleepers) {
        if (sleeper.until > time) continue
        sleepers.delete(sleeper)
        sleeper.wake()
      }
      await settle()
    },
  }
}

/** Lets the oldest request in flight succeed. */
async function succeed({ open, settle }: ReturnType<typeof createTestLimiter>): Promise<void> {
  ;[...open][0]!.succeed()
  await settle()
}

test('starts with two concurrent requests if the limits are unknown, and adds one with each success up to the maximum', async () => {
  const tested = createTestLimiter()
  await tested.schedule(12)
  const under = [tested.open.size]
  for (let index = 0; index < 4; index++) {
    await succeed(tested)
    under.push(tested.open.size)
  }
  expect(under).toEqual([2, 3, 4, 4, 4])
})

test.each([
  [
    'the user sets the number',
    { limits: { ...unknownLimits, inFlight: 8, isInFlightSaid: true } },
    8,
  ],
  ['the user sets the rate', { limits: { ...unknownLimits, imagesPerMinute: 600 } }, 4],
  ['the provider sets the number', { concurrency: 6 }, 6],
])('starts with the maximum if %s', async (_, options, expected) => {
  const tested = createTestLimiter(options)
  await tested.schedule(12)
  expect(tested.open.size).toBe(expected)
})

test('sends nothing while the server asks for a pause, then half as many concurrent requests', async () => {
  const tested = createTestLimiter({ limits: { ...unknownLimits, isInFlightSaid: true } })
  await tested.schedule(8)
  expect(tested.made).toEqual([0, 1, 2, 3])
  for (const call of tested.open) call.fail(refusal(90_000))
  await tested.settle()
  expect(tested.waits.map(({ attempt, ms }) => [attempt, ms])).toEqual([
    [1, 90_000],
    [1, 90_000],
    [1, 90_000],
    [1, 90_000],
  ])
  await tested.advance(89_999)
  expect(tested.open.size).toBe(0)
  await tested.advance(1)
  // Four refusals at once count as one: half of four, not of one.
  expect(tested.open.size).toBe(2)
  await succeed(tested)
  expect(tested.open.size).toBe(3)
})

test('waits longer each time if the server states no wait', async () => {
  const tested = createTestLimiter({ concurrency: 1 })
  await tested.schedule(1)
  for (let round = 0; round < 4; round++) {
    ;[...tested.open][0]!.fail(refusal())
    await tested.settle()
    await tested.advance(60_000)
  }
  for (const [index, { ms }] of tested.waits.entries()) {
    expect(ms).toBeLessThanOrEqual(1000 * 2 ** index)
    expect(ms).toBeGreaterThan(750 * 2 ** index - 1)
  }
})

test('gives up if the server asks for more than ten minutes, and waits exactly ten', async () => {
  const tested = createTestLimiter()
  await tested.schedule(3)
  ;[...tested.open][0]!.fail(refusal(600_000))
  await tested.settle()
  await succeed(tested)
  await tested.advance(600_000)
  expect(tested.open.size).toBeGreaterThan(0)
  const last = refusal(600_001)
  ;[...tested.open][0]!.fail(last)
  await tested.settle()
  for (const call of tested.open) call.succeed()
  await tested.schedule(1)
  expect(
    [...tested.results.values()].filter((result) => result === last).length,
  ).toBeGreaterThanOrEqual(1)
  expect(tested.open.size).toBe(0)
})

test('passes every other failure to the caller', async () => {
  const tested = createTestLimiter()
  await tested.schedule(2)
  const failure = new ProviderError('provider/server', 'No.', { retry: {} })
  ;[...tested.open][0]!.fail(failure)
  await tested.settle()
  expect(tested.results.get(0)).toBe(failure)
  expect(tested.waits).toEqual([])
  expect(tested.open.size).toBe(1)
})

test('tells why the request that is next waits, if it waits a second or more', async () => {
  const limited = createTestLimiter({
    limits: { ...unknownLimits, inFlight: 30, isInFlightSaid: true, imagesPerMinute: 6 },
  })
  await limited.schedule(12)
  expect(limited.limits).toEqual([{ ms: expect.any(Number) as number, limit: 'images' }])
  const refused = createTestLimiter()
  await refused.schedule(4)
  for (const call of refused.open) call.fail(refusal(7000))
  await refused.settle()
  expect(refused.limits[0]).toEqual({ ms: 7000, limit: 'refusal' })
  const short = createTestLimiter()
  await short.schedule(4)
  for (const call of short.open) call.fail(refusal(900))
  await short.settle()
  expect(short.limits).toEqual([])
})

test('ends all waits when it is aborted, and sends nothing more', async () => {
  const stopping = new AbortController()
  const tested = createTestLimiter({ signal: stopping.signal })
  await tested.schedule(5)
  const [first, second] = [...tested.open]
  first!.fail(refusal(300_000))
  await tested.settle()
  stopping.abort()
  await tested.settle()
  // Requests in flight continue.
  second!.succeed()
  await tested.settle()
  expect(tested.results.get(1)).toBe('picture')
  expect(
    [...tested.results.values()].filter(
      (result) => (result as { code?: string }).code === 'aborted',
    ),
  ).toHaveLength(4)
  expect(tested.made).toEqual([0, 1])
})

test('limits the pictures of one request to what the server allows', async () => {
  const tested = createTestLimiter()
  expect(tested.limiter.maxPictures).toBe(Infinity)
  await tested.schedule(1)
  ;[...tested.open][0]!.onRate({ images: { limit: 60, remaining: 4, resetMs: 1000 } })
  expect(tested.limiter.maxPictures).toBe(5)
  expect(
    createTestLimiter({ limits: { ...unknownLimits, imagesPerMinute: 5 } }).limiter.maxPictures,
  ).toBe(5)
})
