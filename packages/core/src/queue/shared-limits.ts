import { type Clock, sleepUnlessAborted } from '../limits/clock.ts'
import type { OpenQueue } from './open-queue.ts'

/** Limits that all workers of an account share, on any machine. */
export type SharedLimits = {
  /**
   * Waits until an account may be asked for a number of pictures, and counts them. In any minute,
   * at most `perMinute` pictures are counted.
   *
   * @param account as `accountOf` returns it
   * @param perMinute `null` if the limit is unknown: then only `pause` delays a request
   * @throws LimnError `aborted`
   */
  take(
    account: string,
    options: { pictures: number; perMinute: number | null; signal?: AbortSignal | undefined },
  ): Promise<void>
  /** Delays all further requests to an account: its server refused one, ms. */
  pause(account: string, ms: number): Promise<void>
}

/*
 * A bucket that fills steadily by the clock of the server, so that the clocks of the machines do not
 * matter. It holds the pictures of one second at most. Callers take what they need at once, below
 * zero if it is not there yet, and wait as long as the bucket takes to fill up to that: they are
 * served in turn, and nobody asks twice. What the bucket holds counts against the rate, so that no
 * minute has more than the limit.
 */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local pictures = tonumber(ARGV[1])
local perMinute = tonumber(ARGV[2])
local pause = tonumber(redis.call('HGET', KEYS[1], 'pause') or '0') - now
if perMinute <= 0 then return tostring(math.max(0, pause)) end
local capacity = math.max(1, pictures, math.floor(perMinute / 60))
local rate = math.max(1, perMinute - capacity + 1) / 60000
local level = tonumber(redis.call('HGET', KEYS[1], 'level') or capacity)
local at = tonumber(redis.call('HGET', KEYS[1], 'at') or now)
level = math.min(capacity, level + math.max(0, now - at) * rate) - pictures
redis.call('HSET', KEYS[1], 'level', tostring(level), 'at', string.format('%.3f', math.max(now, at)))
redis.call('PEXPIRE', KEYS[1], 3600000)
return tostring(math.max(0, pause, -level / rate))`

const PAUSED = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
return tostring(math.max(0, tonumber(redis.call('HGET', KEYS[1], 'pause') or '0') - now))`

const PAUSE = `
local time = redis.call('TIME')
local till = time[1] * 1000 + time[2] / 1000 + tonumber(ARGV[1])
local known = tonumber(redis.call('HGET', KEYS[1], 'pause') or '0')
redis.call('HSET', KEYS[1], 'pause', string.format('%.3f', math.max(known, till)))
redis.call('PEXPIRE', KEYS[1], 3600000)
return 1`

/** Creates the limits on the server of a queue. */
export function createSharedLimits(
  { client }: Pick<OpenQueue, 'client'>,
  clock: Pick<Clock, 'sleep'>,
): SharedLimits {
  const keyOf = (account: string): string => `limn:limit:${account}`
  return {
    async take(account, { pictures, perMinute, signal }) {
      const key = keyOf(account)
      let ms = Number(await client.eval(TAKE, 1, key, pictures, perMinute ?? 0))
      while (ms > 0) {
        await sleepUnlessAborted(ms, { clock, signal })
        // The server may have refused another request meanwhile.
        ms = Number(await client.eval(PAUSED, 1, key))
      }
    },
    async pause(account, ms) {
      await client.eval(PAUSE, 1, keyOf(account), ms)
    },
  }
}
