import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  redisMissing,
  type RedisServer,
  startRedis,
  withRedis,
} from '../../../../fixtures/redis-server.ts'
import { type OpenQueue, openQueue } from './open-queue.ts'
import { createOrderRecords } from './order-record.ts'
import { parseQueueAddress } from './queue-address.ts'
import { createSharedLimits, type SharedLimits } from './shared-limits.ts'

describe.skipIf(redisMissing !== undefined)(withRedis('a server of a queue'), () => {
  let server: RedisServer
  let queue: OpenQueue
  beforeAll(async () => {
    server = await startRedis({ password: 'right' })
    queue = await openQueue(parseQueueAddress(server.url, { LIMN_QUEUE_PASSWORD: 'right' }))
  })
  afterAll(async () => {
    queue.client.disconnect()
    await server.close()
  })
  beforeEach(async () => void (await queue.client.flushall()))

  test.each([
    ['a wrong password', () => server.url.replace('//', '//:wrong@'), /rejects the password/],
    ['no password', () => server.url, /rejects the password/],
    ['nobody there', () => 'redis://127.0.0.1:1', /can't be reached \(ECONNREFUSED\)/],
  ])('is reported with %s', async (_, url, message) => {
    const opening = openQueue(parseQueueAddress(url(), {}))
    await expect(opening).rejects.toMatchObject({ code: 'queue/unreachable' })
    await expect(opening).rejects.toThrow(message)
    await expect(opening).rejects.not.toThrow(/wrong/)
  })

  describe('shares a limit', () => {
    /** Creates the limits of several workers. Their waits are recorded, and end at once. */
    function createWorkers(count: number): { workers: SharedLimits[]; waits: number[] } {
      const waits: number[] = []
      const sleep = async (ms: number): Promise<void> => void waits.push(ms)
      return {
        waits,
        workers: Array.from({ length: count }, () => createSharedLimits(queue, { sleep })),
      }
    }

    test.each([
      [60, 30],
      [250, 100],
      [6000, 500],
      [1, 4],
    ])('of %d pictures per minute between workers', async (perMinute, requests) => {
      const { workers, waits } = createWorkers(3)
      const started = performance.now()
      for (let request = 0; request < requests; request++) {
        await workers[request % 3]!.take('account', { pictures: 1, perMinute })
      }
      // Nobody is in front of the pictures of one second; the others follow at the rate.
      const atOnce = Math.max(1, Math.floor(perMinute / 60))
      const last = waits.at(-1)!
      const leastMs = ((requests - atOnce) / perMinute) * 60_000
      // The bucket fills while the test runs.
      expect(last + performance.now() - started).toBeGreaterThan(leastMs * 0.99)
      expect(last).toBeLessThan(leastMs * 1.1 + 1000)
    })

    test('of several pictures at a time, and of each account on its own', async () => {
      const { workers, waits } = createWorkers(2)
      await workers[0]!.take('a', { pictures: 4, perMinute: 60 })
      await workers[1]!.take('b', { pictures: 4, perMinute: 60 })
      expect(waits).toEqual([])
      await workers[1]!.take('a', { pictures: 4, perMinute: 60 })
      expect(waits[0]).toBeGreaterThan(3500)
    })

    test('after a refusal that any of them got', async () => {
      const { workers, waits } = createWorkers(2)
      await workers[0]!.pause('account', 300)
      await workers[1]!.take('account', { pictures: 1, perMinute: null })
      expect(waits[0]).toBeGreaterThan(200)
      expect(waits[0]).toBeLessThanOrEqual(300)
      await workers[1]!.take('other', { pictures: 1, perMinute: null })
    })
  })

  describe('records an order', () => {
    test('with one idempotency key for all workers', async () => {
      const [one, two] = [createOrderRecords(queue), createOrderRecords(queue)]
      const record = await one.open('job')
      expect(record).toMatchObject({ sentBy: undefined, stored: undefined })
      expect(await two.open('job')).toEqual(record)
      expect((await two.open('other')).idempotencyKey).not.toBe(record.idempotencyKey)
    })

    test('which only one worker sends, until another one takes it over', async () => {
      const records = createOrderRecords(queue)
      await records.open('job')
      expect(await records.markSent('job', 'one', undefined)).toBe(true)
      expect(await records.markSent('job', 'one', undefined)).toBe(true)
      expect(await records.markSent('job', 'two', undefined)).toBe(false)
      expect(await records.markSent('job', 'two', 'one')).toBe(true)
      expect(await records.markSent('job', 'three', 'one')).toBe(false)
      expect((await records.open('job')).sentBy).toBe('two')
      await records.forgetSent('job')
      expect(await records.markSent('job', 'three', undefined)).toBe(true)
    })

    test('and which workers are alive', async () => {
      const records = createOrderRecords(queue)
      expect(await records.isAlive('one')).toBe(false)
      await records.sign('one')
      expect(await records.isAlive('one')).toBe(true)
    })
  })
})
