import { expect, test } from 'vitest'
import type { Limits } from '../manifest/manifest.ts'
import { ProviderError, type RateFacts } from '../providers/provider.ts'
import { createLimiter, type LimiterOptions, type RateWait } from './rate-limiter.ts'

const nothingKnown: Limits = {
  inFlight: 4,
  isInFlightSaid: false,
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

/** Requests at a limiter whose clock goes on only when it is told to. */
function createWorld(options: Partial<LimiterOptions> = {}) {
  let time = 0
  const sleepers = new Set<{ until: number; wake: () => void; stop: () => void }>()
  const limiter = createLimiter({
    limits: nothingKnown,
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
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    limiter,
    open,
    made,
    results,
    waits,
    settle,
    /** Asks so many times, for one picture each. */
    async ask(count: number): Promise<void> {
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
          .ask({ images: 1, inputImages: 0 }, call, (wait) => waits.push(wait))
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

/** Lets the oldest request under way succeed. */
async function succeed({ open, settle }: ReturnType<typeof createWorld>): Promise<void> {
  ;[...open][0]!.succeed()
  await settle()
}

test('starts with two at a time where nothing is known, and adds one with each success, up to what is allowed', async () => {
  const world = createWorld()
  await world.ask(12)
  const under = [world.open.size]
  for (let index = 0; index < 4; index++) {
    await succeed(world)
    under.push(world.open.size)
  }
  expect(under).toEqual([2, 3, 4, 4, 4])
})

test.each([
  ['a person says how many', { limits: { ...nothingKnown, inFlight: 8, isInFlightSaid: true } }, 8],
  ['a person says the rate', { limits: { ...nothingKnown, imagesPerMinute: 600 } }, 4],
  ['it is the business of the provider', { concurrency: 6 }, 6],
])('starts with all where %s', async (_, options, expected) => {
  const world = createWorld(options)
  await world.ask(12)
  expect(world.open.size).toBe(expected)
})

test('sends nothing while the server wants to be left alone, then half as many at a time', async () => {
  const world = createWorld({ limits: { ...nothingKnown, isInFlightSaid: true } })
  await world.ask(8)
  expect(world.made).toEqual([0, 1, 2, 3])
  for (const call of world.open) call.fail(refusal(90_000))
  await world.settle()
  expect(world.waits.map(({ attempt, ms }) => [attempt, ms])).toEqual([
    [1, 90_000],
    [1, 90_000],
    [1, 90_000],
    [1, 90_000],
  ])
  await world.advance(89_999)
  expect(world.open.size).toBe(0)
  await world.advance(1)
  // Four refusals at once are one: the half of four, not of one.
  expect(world.open.size).toBe(2)
  await succeed(world)
  expect(world.open.size).toBe(3)
})

test('waits longer each time where the server says nothing', async () => {
  const world = createWorld({ concurrency: 1 })
  await world.ask(1)
  for (let round = 0; round < 4; round++) {
    ;[...world.open][0]!.fail(refusal())
    await world.settle()
    await world.advance(60_000)
  }
  for (const [index, { ms }] of world.waits.entries()) {
    expect(ms).toBeLessThanOrEqual(1000 * 2 ** index)
    expect(ms).toBeGreaterThan(750 * 2 ** index - 1)
  }
})

test('gives all up where the server wants more than ten minutes, and takes exactly ten', async () => {
  const world = createWorld()
  await world.ask(3)
  ;[...world.open][0]!.fail(refusal(600_000))
  await world.settle()
  await succeed(world)
  await world.advance(600_000)
  expect(world.open.size).toBeGreaterThan(0)
  const last = refusal(600_001)
  ;[...world.open][0]!.fail(last)
  await world.settle()
  for (const call of world.open) call.succeed()
  await world.ask(1)
  expect(
    [...world.results.values()].filter((result) => result === last).length,
  ).toBeGreaterThanOrEqual(1)
  expect(world.open.size).toBe(0)
})

test('leaves every other failure to who asked', async () => {
  const world = createWorld()
  await world.ask(2)
  const failure = new ProviderError('provider/server', 'No.', { retry: {} })
  ;[...world.open][0]!.fail(failure)
  await world.settle()
  expect(world.results.get(0)).toBe(failure)
  expect(world.waits).toEqual([])
  expect(world.open.size).toBe(1)
})

test('ends all waits when it is told to stop, and sends nothing more', async () => {
  const stopping = new AbortController()
  const world = createWorld({ signal: stopping.signal })
  await world.ask(5)
  const [first, second] = [...world.open]
  first!.fail(refusal(300_000))
  await world.settle()
  stopping.abort()
  await world.settle()
  // What is under way goes on.
  second!.succeed()
  await world.settle()
  expect(world.results.get(1)).toBe('picture')
  expect(
    [...world.results.values()].filter(
      (result) => (result as { code?: string }).code === 'aborted',
    ),
  ).toHaveLength(4)
  expect(world.made).toEqual([0, 1])
})

test('asks for no more at once than the server takes', async () => {
  const world = createWorld()
  expect(world.limiter.most).toBe(Infinity)
  await world.ask(1)
  ;[...world.open][0]!.onRate({ images: { limit: 60, remaining: 4, resetMs: 1000 } })
  expect(world.limiter.most).toBe(5)
  expect(createWorld({ limits: { ...nothingKnown, imagesPerMinute: 5 } }).limiter.most).toBe(5)
})
