import type { Caller } from './config.ts'
import { Problem } from './problem.ts'

type Bucket = { tokens: number; at: number }

/**
 * Creates the rate limit of all callers: a token bucket for each, which holds the requests of one
 * minute.
 *
 * @param now time, ms
 */
export function createRateLimit(now: () => number = () => performance.now()): {
  /** Takes one token. @throws Problem `rate_limit_exceeded` */
  take(caller: Caller): void
} {
  const bucketByName = new Map<string, Bucket>()
  return {
    take({ name, requestsPerMinute }) {
      const perMs = requestsPerMinute / 60_000
      const at = now()
      const { tokens, at: before } = bucketByName.get(name) ?? { tokens: requestsPerMinute, at }
      const filled = Math.min(requestsPerMinute, tokens + (at - before) * perMs)
      if (filled < 1) {
        bucketByName.set(name, { tokens: filled, at })
        throw new Problem('rate_limit_exceeded', 'This API key has sent too many requests.', {
          retryAfter: Math.max(1, Math.ceil((1 - filled) / perMs / 1000)),
        })
      }
      bucketByName.set(name, { tokens: filled - 1, at })
    },
  }
}
