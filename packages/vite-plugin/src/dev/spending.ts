/** What was spent so far, USD, and the end of the work that was started last. */
type Spending = { usd: number; last: Promise<unknown> }

/**
 * The spending on each manifest in this process. It is shared on purpose: a restarted server and a
 * framework's second server have their own plugin context, but `dev.maxCost` limits them together.
 */
const spendingByManifest = new Map<string, Spending>()

export type PaidWork<T = void> = {
  /** Absolute path. All work on one manifest shares one limit. */
  manifest: string
  /** The most that all work on the manifest may spend, USD. */
  maxUsd: number
  /** Does the work with the remaining sum, and reports what it has spent so far, both USD. */
  work(remainingUsd: number, report: (usd: number) => void): Promise<T>
}

/**
 * Does work that may cost money, after all earlier work on the same manifest has ended. @throws
 * what the work throws; what it had spent still counts
 */
export function spend<T>({ manifest, maxUsd, work }: PaidWork<T>): Promise<T> {
  const spending = spendingByManifest.get(manifest) ?? { usd: 0, last: Promise.resolve() }
  spendingByManifest.set(manifest, spending)
  const done = spending.last.then(() => {
    const before = spending.usd
    return work(Math.max(0, maxUsd - before), (usd) => (spending.usd = before + usd))
  })
  spending.last = done.catch(() => {})
  return done
}

/** Returns what work on a manifest may still spend, USD. */
export function leftToSpend({ manifest, maxUsd }: Omit<PaidWork, 'work'>): number {
  return Math.max(0, maxUsd - (spendingByManifest.get(manifest)?.usd ?? 0))
}
