import { type Stats, statsOf } from '../history/stats.ts'
import type { Currency } from '../models/cost.ts'
import type { ProjectContext } from './context.ts'

/** How the requests of this machine went. */
export type StatsReport = {
  /** All requests together; `null` if there were none. */
  all: Stats | null
  /** The same by model, the most used first. */
  byModel: Map<string, Stats>
  /** Returns the currency in which the manifest shows prices. @throws ManifestError, LimnError */
  readCurrency(): Promise<Currency | null>
}

/** Sums up the requests of this machine. @throws LimnError `store/failed` */
export async function reportStats({ paths, read }: ProjectContext): Promise<StatsReport> {
  const { readHistory } = await import('../history/history-file.ts')
  return {
    ...statsOf(readHistory(paths.state)),
    readCurrency: async () => (await read()).manifest.currency,
  }
}
