import type { HistoryEntry, RequestEntry } from '../../history/entry.ts'
import type { LockEntry } from '../../lock/lock.ts'

/** The most by which the clock of a request and of its picture may differ, ms. */
const TOLERANCE = 5 * 60_000

/**
 * Finds how long the request of a master took, ms; `null` if this machine has not made it, or it
 * was a part of a batch.
 */
export function timeOfRequest(
  history: readonly HistoryEntry[],
  asset: string,
  { made, request }: LockEntry,
): number | null {
  if (request.operation === 'source') return null
  const madeAt = Date.parse(made.at)
  const distanceOf = ({ at, ms }: RequestEntry): number =>
    Math.min(Math.abs(Date.parse(at) - madeAt), Math.abs(Date.parse(at) + ms - madeAt))
  const [nearest] = history
    .filter(
      (entry): entry is RequestEntry =>
        entry.kind === 'request' &&
        entry.asset === asset &&
        entry.model === request.model &&
        entry.outcome === 'ok' &&
        entry.batch !== true,
    )
    .toSorted((a, b) => distanceOf(a) - distanceOf(b))
  return nearest !== undefined && distanceOf(nearest) <= TOLERANCE ? nearest.ms : null
}
