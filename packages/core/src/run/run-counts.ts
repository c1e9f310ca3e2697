import type { LimnEvent } from '../events.ts'

/** What a run has done. */
export type RunCounts = {
  generated: number
  recovered: number
  moved: number
  /** Files put in place. */
  derived: number
  /** Batches that were sent. `usd` is their worst-case cost. */
  sent: { batch: string; assets: string[]; usd: number | null }[]
  failed: { asset: string; file?: string; error: unknown }[]
  /** Pictures of which only this machine has a copy, because the remote store does not have them. */
  unsent: number
}

/** Returns the counts of a run that has done nothing. */
export function noCounts(): RunCounts {
  return { generated: 0, recovered: 0, moved: 0, derived: 0, sent: [], failed: [], unsent: 0 }
}

/** Creates counts that `follow` updates from the events of a run. */
export function createRunCounts(): { counts: RunCounts; follow: (event: LimnEvent) => void } {
  const counts = noCounts()
  return { counts, follow: (event) => countEvent(counts, event) }
}

function countEvent(counts: RunCounts, event: LimnEvent): void {
  switch (event.type) {
    case 'generated':
      if (event.recovered) counts.recovered++
      else counts.generated++
      break
    case 'moved':
      counts.moved++
      break
    case 'derived':
      counts.derived++
      break
    case 'batch-sent': {
      const { batch, assets, usd } = event
      counts.sent.push({ batch, assets, usd })
      break
    }
    case 'failed': {
      const { type: _, ...failure } = event
      counts.failed.push(failure)
      break
    }
    case 'remote-unsent':
      if (event.isOnlyCopy) counts.unsent += event.pictures
      break
  }
}
