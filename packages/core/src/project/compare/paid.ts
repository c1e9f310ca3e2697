import { canonicalJson } from '../../digest.ts'
import type { Lock, LockEntry } from '../../lock/lock.ts'

/**
 * Returns a function that tells whether the base has already paid for a picture, under any name: a
 * renamed asset, or another candidate, costs nothing.
 */
export function findPaid({ assets }: Lock): (entry: LockEntry) => boolean {
  const keyOf = ({ made: { provider, at, requestId = '' } }: LockEntry): string =>
    canonicalJson([provider, at, requestId])
  const paid = new Set([...assets.values()].map(keyOf))
  return (entry) => paid.has(keyOf(entry))
}

/** Returns what was paid for a picture since the base, USD; `null` if it is unknown. */
export function paidSince(
  entry: LockEntry | undefined,
  isPaidBefore: (entry: LockEntry) => boolean,
): number | null {
  if (entry === undefined || isPaidBefore(entry)) return 0
  const { provider, usd } = entry.made
  const isFree = provider === 'adopted' || entry.request.operation === 'source'
  return isFree ? 0 : (usd ?? null)
}
