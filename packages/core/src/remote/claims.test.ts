import { describe, expect, it } from 'vitest'
import type { Clock } from '../limits/clock.ts'
import { CLAIM_MS, type Claims, createClaims } from './claims.ts'
import { claimKey } from './keys.ts'
import { denied } from './remote-errors.ts'
import { createMemoryStore, down, type MemoryStore } from './testing.ts'

const hash = 'ab'.repeat(32)

/** A clock that a test moves. Sleepers wake in their order. */
type ManualClock = Clock & { advance(ms: number): Promise<void> }

function createManualClock(start = 0): ManualClock {
  let time = start
  const sleepers: { until: number; wake: () => void }[] = []
  return {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        sleepers.push({ until: time + ms, wake: resolve })
        signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true })
      }),
    async advance(ms) {
      const end = time + ms
      for (;;) {
        await settle()
        sleepers.sort((a, b) => a.until - b.until)
        if (sleepers[0] === undefined || sleepers[0].until > end) break
        const next = sleepers.shift()!
        time = Math.max(time, next.until)
        next.wake()
      }
      time = end
      await settle()
    },
  }
}

/** Lets everything run that waits for nothing but the store in memory. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve()
  await new Promise((resolve) => setImmediate(resolve))
}

function createRun(store: MemoryStore, clock: Clock = createManualClock()): Claims {
  return createClaims({ store, clock })
}

describe('a claim', () => {
  it('is given to one of two runs', async () => {
    const store = createMemoryStore()
    const [a, b] = [createRun(store), createRun(store)]
    expect(await a.take(hash)).toBe(true)
    expect(await b.take(hash)).toBe(false)
  })

  it.each([2, 3, 8])('is given to one of %d runs that ask at the same time', async (count) => {
    const store = createMemoryStore()
    const runs = Array.from({ length: count }, () => createRun(store))
    const taken = await Promise.all(runs.map((run) => run.take(hash)))
    expect(taken.filter(Boolean)).toHaveLength(1)
  })

  it('is given to at most one run if the server ignores conditions', async () => {
    const store = createMemoryStore({ honoursConditions: false })
    const runs = Array.from({ length: 3 }, () => createRun(store))
    const taken = await Promise.all(runs.map((run) => run.take(hash)))
    expect(taken.filter(Boolean).length).toBeLessThanOrEqual(1)
  })

  it('is free again once it was released', async () => {
    const store = createMemoryStore()
    const [a, b] = [createRun(store), createRun(store)]
    await a.take(hash)
    await a.release(hash, false)
    expect(await b.take(hash)).toBe(true)
    expect(await a.take(hash)).toBe(false)
  })

  it('leaves nothing behind once its request is answered', async () => {
    const store = createMemoryStore()
    const run = createRun(store)
    await run.take(hash)
    await run.release(hash, false)
    await run.take(hash)
    await run.release(hash, true)
    expect(store.objects.size).toBe(0)
  })

  it('expires if it is not renewed, by the clock of the run that waits', async () => {
    const store = createMemoryStore()
    await createRun(store, createManualClock(1e12)).take(hash)
    const clock = createManualClock()
    const waiting = createRun(store, clock)
    let isFree = false
    void waiting.whenFree(hash).then(() => (isFree = true))
    await clock.advance(CLAIM_MS - 3000)
    expect(isFree).toBe(false)
    await clock.advance(6000)
    expect(isFree).toBe(true)
    expect(await waiting.take(hash)).toBe(true)
  })

  it('holds as long as it is renewed', async () => {
    const store = createMemoryStore()
    const clock = createManualClock()
    const [owner, waiting] = [createRun(store, clock), createRun(store, clock)]
    await owner.take(hash)
    let isFree = false
    void waiting.whenFree(hash).then(() => (isFree = true))
    await clock.advance(10 * CLAIM_MS)
    expect(isFree).toBe(false)
    await owner.release(hash, true)
    await clock.advance(5000)
    expect(isFree).toBe(true)
  })

  it('survives a store that fails for one renewal', async () => {
    const store = createMemoryStore()
    const clock = createManualClock()
    const [owner, waiting] = [createRun(store, clock), createRun(store, clock)]
    await owner.take(hash)
    store.fault = () => {
      throw down()
    }
    await clock.advance(45_000)
    store.fault = () => {}
    let isFree = false
    void waiting.whenFree(hash).then(() => (isFree = true))
    await clock.advance(3 * CLAIM_MS)
    expect(isFree).toBe(false)
  })

  it('is not taken back by an owner that was paused until it had expired', async () => {
    const store = createMemoryStore()
    const [slow, clock] = [createManualClock(), createManualClock()]
    const [paused, other] = [createRun(store, slow), createRun(store, clock)]
    await paused.take(hash)
    void other.whenFree(hash)
    await clock.advance(CLAIM_MS + 5000)
    expect(await other.take(hash)).toBe(true)
    await slow.advance(CLAIM_MS)
    await paused.release(hash, false)
    expect(await createRun(store).take(hash)).toBe(false)
  })

  it('is still waited for if the store fails for a moment, and not if it is down', async () => {
    const store = createMemoryStore()
    const clock = createManualClock()
    const [owner, waiting] = [createRun(store, clock), createRun(store, clock)]
    await owner.take(hash)
    let state = 'waiting'
    void waiting.whenFree(hash).then(
      () => (state = 'free'),
      () => (state = 'failed'),
    )
    for (let round = 0; round < 3; round++) {
      store.fault = () => {
        throw down()
      }
      await clock.advance(3000)
      store.fault = () => {}
      await clock.advance(10_000)
      expect(state).toBe('waiting')
    }
    store.fault = () => {
      throw down()
    }
    await clock.advance(20_000)
    expect(state).toBe('failed')
  })

  it('is free at once after its request is answered, also where nothing may be deleted', async () => {
    const store = createMemoryStore()
    const [owner, other] = [createRun(store), createRun(store)]
    await owner.take(hash)
    store.fault = (operation) => {
      if (operation === 'delete') throw denied('memory')
    }
    await owner.release(hash, true)
    expect(await other.take(hash)).toBe(true)
  })

  it.each(['<html>Sign in</html>', '', '{"owner":"x","state":"held","ms":1000}'])(
    'fails if the store has an object for every key: %s',
    async (text) => {
      const store = { ...createMemoryStore(), get: async () => Buffer.from(text) }
      const run = createClaims({ store, clock: createManualClock() })
      await expect(run.take(hash)).rejects.toMatchObject({ code: 'remote/unreachable' })
    },
  )

  it('is taken if its put succeeded and the response was lost', async () => {
    const store = createMemoryStore()
    const put = store.putIfAbsent
    const losing = {
      ...store,
      putIfAbsent: async (...call: Parameters<typeof put>) => {
        await put(...call)
        return false
      },
    }
    expect(await createClaims({ store: losing, clock: createManualClock() }).take(hash)).toBe(true)
  })

  it.each(['', '{"owner":1}', 'null', '{"owner":"x","state":"held","ms":1e99}'])(
    'expires too if its record is damaged: %s',
    async (text) => {
      const store = createMemoryStore()
      store.objects.set(claimKey(hash, 1), Buffer.from(text))
      const clock = createManualClock()
      const run = createRun(store, clock)
      expect(await run.take(hash)).toBe(false)
      void run.whenFree(hash)
      await clock.advance(11 * 60_000)
      expect(await run.take(hash)).toBe(true)
    },
  )
})
