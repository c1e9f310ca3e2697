import type { RateFact, RateFacts } from '../provider.ts'

/** Reads a server's rate limits from headers; `undefined` if they state none. */
export function readRateHeaders(headers: Headers | undefined): RateFacts | undefined {
  if (headers === undefined) return undefined
  const images = readFact(headers, 'images')
  const inputImages = readFact(headers, 'input-images')
  if (images === undefined && inputImages === undefined) return undefined
  return {
    ...(images === undefined ? {} : { images }),
    ...(inputImages === undefined ? {} : { inputImages }),
  }
}

function readFact(headers: Headers, bucket: 'images' | 'input-images'): RateFact | undefined {
  const limit = count(headers.get(`x-ratelimit-limit-${bucket}`))
  const remaining = count(headers.get(`x-ratelimit-remaining-${bucket}`))
  const resetMs = parseDuration(headers.get(`x-ratelimit-reset-${bucket}`))
  if (limit === undefined && remaining === undefined && resetMs === undefined) return undefined
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(resetMs === undefined ? {} : { resetMs }),
  }
}

function count(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined
}

const msByUnit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Parses a duration of the API, `120ms`, `58.891s`, `1m2.5s`, to ms; `undefined` if invalid. */
export function parseDuration(text: string | null | undefined): number | undefined {
  const span = text?.trim() ?? ''
  if (!/^(?:\d{1,9}(?:\.\d{1,9})?(?:ms|[smhd]))+$/.test(span)) return undefined
  const parts = [...span.matchAll(/([\d.]+)(ms|[smhd])/g)]
  return Math.ceil(
    parts.reduce(
      (sum, [, value, unit]) => sum + Number(value) * msByUnit[unit as keyof typeof msByUnit],
      0,
    ),
  )
}

/**
 * Reads the wait that a server asks for, ms, from `retry-after-ms`, or from `retry-after` in
 * seconds or as a date.
 */
export function readRetryAfter(
  headers: Headers | undefined,
  now: number = Date.now(),
): number | undefined {
  const ms = headers?.get('retry-after-ms') ?? ''
  if (ms !== '' && Number(ms) >= 0) return Number(ms)
  const text = headers?.get('retry-after') ?? ''
  if (text === '') return undefined
  if (Number(text) >= 0) return Number(text) * 1000
  const until = Date.parse(text) - now
  return Number.isNaN(until) ? undefined : Math.max(0, until)
}
