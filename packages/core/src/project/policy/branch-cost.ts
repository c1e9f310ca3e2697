import { findMergeBase, openRepository, resolveCommit } from '../../git/repository.ts'
import { readTree } from '../../git/tree.ts'
import type { Lock } from '../../lock/lock.ts'
import type { Plan } from '../../plan/plan.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import { readLockOf } from '../compare/commit.ts'
import { findPaid, paidSince } from '../compare/paid.ts'

/** What the pictures of a branch cost, in addition to those of the commit at which it started. */
export type BranchCost = {
  /** What was paid for pictures of the lockfile, USD. */
  paidUsd: number
  /** What a run would still pay at most, USD. */
  plannedUsd: number
  /** Number of pictures, paid or planned, whose price is unknown. */
  unknownPrices: number
}

/**
 * Sums up what the working tree costs compared with the commit at which it left `base`. Reads only
 * lockfiles, and no picture.
 *
 * @param base a branch, tag or commit
 * @throws LimnError `git/…`, `lock/invalid`, `lock/newer`
 */
export async function sumBranchCost(
  base: string,
  { paths, lock, plan }: { paths: ProjectPaths; lock: Lock; plan: Plan },
): Promise<BranchCost> {
  const paid = sumPaid(lock, await readBaseLock(base, paths))
  return {
    paidUsd: paid.usd,
    plannedUsd: plan.usd,
    unknownPrices: paid.unknown + plan.unknownPrices,
  }
}

async function readBaseLock(base: string, paths: ProjectPaths): Promise<Lock> {
  const repository = await openRepository(paths.root)
  try {
    const tip = await resolveCommit(repository, base)
    const head = await resolveCommit(repository, 'HEAD')
    const start = (await findMergeBase(repository, [tip, head])) ?? tip
    const tree = await readTree(repository, start)
    return await readLockOf(repository, { tree, label: base, paths })
  } finally {
    repository.objects.close()
  }
}

/** Sums up what was paid since the base. One payment for several entries counts once. */
function sumPaid(lock: Lock, base: Lock): { usd: number; unknown: number } {
  const isPaidBefore = findPaid(base)
  const priceByPayment = new Map(
    [...lock.assets].map(([name, entry]) => {
      const { provider, at, requestId } = entry.made
      // Without an id, equal times do not show that a payment is the same.
      const payment = JSON.stringify(requestId === undefined ? [name] : [provider, at, requestId])
      return [payment, paidSince(entry, isPaidBefore)] as const
    }),
  )
  const prices = [...priceByPayment.values()]
  return {
    usd: prices.reduce<number>((sum, usd) => sum + (usd ?? 0), 0),
    unknown: prices.filter((usd) => usd === null).length,
  }
}
