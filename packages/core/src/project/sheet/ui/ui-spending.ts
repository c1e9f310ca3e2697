import type { SheetSpending } from '../host.ts'

/** Creates the limit of a whole session of `limn ui`, USD; `undefined` for none. */
export function createUiSpending(maxUsd: number | undefined): SheetSpending {
  let spent = 0
  let last: Promise<unknown> = Promise.resolve()
  const left = (): number => (maxUsd === undefined ? Infinity : Math.max(0, maxUsd - spent))
  return {
    leftUsd: () => (maxUsd === undefined ? null : left()),
    hint: 'Start `limn ui` again with a higher --max-cost.',
    spend(agreedUsd, work) {
      const done = last.then(() => {
        const before = spent
        return work(Math.min(agreedUsd, left()), (usd) => (spent = before + usd))
      })
      last = done.catch(() => {})
      return done
    },
  }
}
