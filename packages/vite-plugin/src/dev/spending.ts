/** What was spent so far, USD, and the work that takes its turn last. */
type Purse = { usd: number; last: Promise<unknown> }

/**
 * By manifest, and for the whole process: a server that restarts, and a framework's second one,
 * have a context of their own, but what they may spend is one sum.
 */
const purseByManifest = new Map<string, Purse>()

/**
 * Carries out work that may cost money, after all such work of the same manifest, so that together
 * it spends no more than a sum.
 *
 * @param manifest absolute path
 * @param maxUsd the sum for all of it, USD
 * @param work is given what is left of it, and tells what it has spent so far, both USD
 */
export function spend(
  manifest: string,
  maxUsd: number,
  work: (left: number, tell: (usd: number) => void) => Promise<void>,
): Promise<void> {
  const purse = purseByManifest.get(manifest) ?? { usd: 0, last: Promise.resolve() }
  purseByManifest.set(manifest, purse)
  const done = purse.last.then(() => {
    const before = purse.usd
    return work(Math.max(0, maxUsd - before), (usd) => (purse.usd = before + usd))
  })
  purse.last = done.catch(() => {})
  return done
}
