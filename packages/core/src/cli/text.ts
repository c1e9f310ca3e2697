import { LimnError } from '../errors.ts'
import { escapeUnprintable } from '../safe-text.ts'

/** `2026-11-22 07:51 UTC`. `iso` is ISO 8601 in UTC. */
export function formatMinute(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`
}

/** `820 ms`, `3.4 s`, `2 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  return ms < 90_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`
}

/**
 * Parses the value of `--max-cost`: `0.50` or `$2`, USD. Returns `undefined` if the option is
 * absent.
 *
 * @throws LimnError `usage` if it is not a number, or negative
 */
export function parseMaxCost(value: string | boolean | undefined): number | undefined {
  if (typeof value !== 'string') return undefined
  const usd = Number(value.replace(/^(-?)\$/, '$1'))
  const isNumber = Number.isFinite(usd) && value.trim() !== ''
  if (isNumber && usd >= 0) return usd
  throw new LimnError(
    'usage',
    isNumber
      ? `--max-cost can't be negative, but it is ${value}.`
      : `--max-cost requires an amount in USD, but it is "${value}".`,
    { hint: 'Write it as --max-cost 0.50.' },
  )
}

/** Formats a value as the lines of indented JSON, in which nothing is unprintable. */
export function jsonLines(value: unknown): string[] {
  return escapeUnprintable(JSON.stringify(value, null, 2)).split('\n')
}
