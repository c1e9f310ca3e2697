import { randomUUID } from 'node:crypto'
import type { OpenQueue } from './open-queue.ts'

/*
 * What the workers of a queue know about an order beyond its job, which may be removed and placed
 * again: its idempotency key, which worker sent its request, and the picture that was stored. With
 * the record, a worker that takes over a job does not pay for it again.
 */

/** How long a record is kept after its last change, ms. */
const KEPT_MS = 7 * 24 * 60 * 60_000
/** How long a worker counts as alive after its last sign of life, ms. */
const ALIVE_MS = 6000
/** Interval of the signs of life, ms. */
export const SIGN_MS = 2000

/** The record of an order. */
export type OrderRecord = {
  /** The same for all attempts of the order, by any worker. */
  idempotencyKey: string
  /** The worker that sent the request; `undefined` if none has, or it surely failed. */
  sentBy: string | undefined
  /** The digest of the first picture, once the remote store has it. */
  stored: string | undefined
}

export type OrderRecords = {
  /** Reads the record of an order, and creates it if there is none. */
  open(jobId: string): Promise<OrderRecord>
  /**
   * Records that a worker is about to send the request.
   *
   * @param from the worker that it takes the order over from, if any
   * @returns `false` if yet another one has sent it
   */
  markSent(jobId: string, worker: string, from: string | undefined): Promise<boolean>
  markStored(jobId: string, digest: string): Promise<void>
  /** Forgets that the request was sent: it surely cost nothing, or the user asks for it again. */
  forgetSent(jobId: string): Promise<void>
  remove(jobId: string): Promise<void>
  /** Shows that a worker is alive. */
  sign(worker: string): Promise<void>
  /** Whether a worker has shown that it is alive. */
  isAlive(worker: string): Promise<boolean>
}

/** Sets the field `sent` unless another worker than ARGV[2] has set it. */
const MARK_SENT = `
local sent = redis.call('HGET', KEYS[1], 'sent')
if sent and sent ~= ARGV[1] and sent ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'sent', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`

/** Creates the records of a queue. */
export function createOrderRecords({ client, name }: OpenQueue): OrderRecords {
  const keyOf = (jobId: string): string => `limn:${name}:order:${jobId}`
  const workerKey = (worker: string): string => `limn:${name}:worker:${worker}`
  return {
    async open(jobId) {
      const key = keyOf(jobId)
      await client.hsetnx(key, 'key', randomUUID())
      await client.pexpire(key, KEPT_MS)
      const { key: idempotencyKey = '', sent, stored } = await client.hgetall(key)
      return { idempotencyKey, sentBy: sent, stored }
    },
    async markSent(jobId, worker, from = '') {
      return (await client.eval(MARK_SENT, 1, keyOf(jobId), worker, from, KEPT_MS)) === 1
    },
    async markStored(jobId, digest) {
      await client.hset(keyOf(jobId), 'stored', digest)
    },
    async forgetSent(jobId) {
      await client.hdel(keyOf(jobId), 'sent')
    },
    async remove(jobId) {
      await client.del(keyOf(jobId))
    },
    async sign(worker) {
      await client.set(workerKey(worker), '1', 'PX', ALIVE_MS)
    },
    async isAlive(worker) {
      return (await client.exists(workerKey(worker))) === 1
    },
  }
}
