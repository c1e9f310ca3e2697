import { createFailureGroups, type FailureGroups } from '../project/failure-groups.ts'
import type { Output } from './output.ts'
import { errorLines } from './report-error.ts'

/**
 * How long failures wait for others with the same cause, ms. A run that takes longer shows them
 * before its end, so that a person can stop it.
 */
const PATIENCE = 5000

/** Prints the failures of a run, each cause once. */
export type FailurePrinter = Pick<FailureGroups, 'add' | 'count'> & {
  /** Prints the failures that are left. */
  finish(): void
}

/** Creates the printer of a run's failures. With `--verbose`, it prints each one at once. */
export function createFailurePrinter(output: Output): FailurePrinter {
  const groups = createFailureGroups()
  let timer: NodeJS.Timeout | undefined
  const print = (moment: 'during' | 'end'): void => {
    clearTimeout(timer)
    timer = undefined
    for (const { label, error } of groups.take(moment)) {
      output.problem(withError(`  ✗ ${label}: `, error))
    }
  }
  return {
    get count() {
      return groups.count
    },
    add(failure) {
      groups.add(failure)
      if (output.verbose) return print('end')
      timer ??= setTimeout(() => print('during'), PATIENCE).unref()
    },
    finish: () => print('end'),
  }
}

/** Returns an error as lines after what starts the first one. */
export function withError(start: string, error: unknown): string[] {
  const [first, ...others] = errorLines(error)
  return [`${start}${first}`, ...others.map((line) => `    ${line}`)]
}
