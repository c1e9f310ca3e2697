import { expect, test } from 'vitest'
import { LimnError } from '../errors.ts'
import { ProviderError } from '../providers/provider.ts'
import { withRetry } from './retry.ts'

const failure = (
  code: 'provider/server' | 'provider/rate-limit' = 'provider/server',
  retry: { afterMs?: number } | undefined = {},
): ProviderError => new ProviderError(code, 'No.', { retry })

/** Runs calls that fail in the given ways, one after the other, and then succeed. Records waits. */
async function run(
  failures: unknown[],
  signal?: AbortSignal,
  retryUncertain?: boolean,
): Promise<{ result: unknown; waits: number[]; calls: number; retries: number[] }> {
  const waits: number[] = []
  const retries: number[] = []
  let calls = 0
  const result = await withRetry(
    async () => {
      const error = failures[calls++]
      if (error !== undefined) throw error
      return 'picture'
    },
    {
      signal,
      retryUncertain: retryUncertain ?? false,
      clock: { sleep: async (ms) => void waits.push(ms) },
      onRetry: ({ attempt }) => retries.push(attempt),
    },
  ).catch((error: unknown) => error)
  return { result, waits, calls, retries }
}

test('returns the result of the first call without waiting', async () => {
  expect(await run([])).toEqual({ result: 'picture', waits: [], calls: 1, retries: [] })
})

test('doubles the wait each time, with up to a quarter taken off', async () => {
  const { result, waits, retries } = await run([failure(), failure(), failure()])
  expect(result).toBe('picture')
  expect(retries).toEqual([1, 2, 3])
  for (const [index, base] of [1000, 2000, 4000].entries()) {
    expect(waits[index]).toBeLessThanOrEqual(base)
    expect(waits[index]).toBeGreaterThan(base * 0.75 - 1)
  }
})

test('gives up after four attempts with the last error', async () => {
  const last = failure()
  const { result, calls } = await run([failure(), failure(), failure(), last, failure()])
  expect(result).toBe(last)
  expect(calls).toBe(4)
})

test('waits as long as the server asks, even for minutes', async () => {
  const { result, waits } = await run([failure('provider/server', { afterMs: 90_000 })])
  expect(result).toBe('picture')
  expect(waits).toEqual([90_000])
})

test('leaves rate limits to the limiter', async () => {
  const limited = failure('provider/rate-limit', { afterMs: 10 })
  expect(await run([limited])).toMatchObject({ result: limited, calls: 1, waits: [] })
})

test('does not wait if the server asks for more than ten minutes', async () => {
  const hours = failure('provider/server', { afterMs: 3_600_000 })
  expect(await run([hours])).toMatchObject({ result: hours, waits: [], calls: 1 })
})

test('does not retry after a final failure', async () => {
  for (const final of [
    new ProviderError('provider/quota', 'Empty.'),
    new LimnError('store/no-space', 'Full.'),
    new TypeError('bug'),
  ]) {
    expect(await run([final])).toMatchObject({ result: final, calls: 1, waits: [] })
  }
})

test('fails with `aborted` if it is stopped during a call or a wait', async () => {
  const aborted = new AbortController()
  aborted.abort()
  expect((await run([failure()], aborted.signal)).result).toMatchObject({ code: 'aborted' })

  const during = new AbortController()
  const waiting = withRetry(() => Promise.reject(failure()), {
    signal: during.signal,
    clock: {
      sleep: async () => {
        during.abort()
        throw new DOMException('The operation was aborted', 'AbortError')
      },
    },
  })
  await expect(waiting).rejects.toMatchObject({ name: 'LimnError', code: 'aborted' })
})

test('reports a final failure even if it was stopped meanwhile', async () => {
  const broken = new ProviderError('provider/network', 'The stream broke.')
  expect((await run([broken], AbortSignal.abort())).result).toBe(broken)
})

test('retries a request of unknown outcome only if that is allowed, up to four times', async () => {
  const uncertain = new ProviderError('provider/timeout', 'Late.', { isUncertain: true })
  const failures = Array.from({ length: 5 }, () => uncertain)
  expect(await run(failures)).toMatchObject({ result: uncertain, calls: 1, waits: [] })
  expect(await run(failures, undefined, true)).toMatchObject({ result: uncertain, calls: 4 })
  expect(await run([uncertain], undefined, true)).toMatchObject({ result: 'picture', calls: 2 })
})

test('does not retry a refusal even if requests of unknown outcome are retried', async () => {
  const refused = new ProviderError('provider/refused', 'No.')
  expect(await run([refused], undefined, true)).toMatchObject({ result: refused, calls: 1 })
})
