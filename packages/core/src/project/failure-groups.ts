import { compareText } from '../digest.ts'
import { type ErrorCode, LimnError } from '../errors.ts'
import type { LimnEvent } from '../events.ts'
import { listNames } from '../plan/list-names.ts'

type Failure = Extract<LimnEvent, { type: 'failed' }>

/** Failures with the same cause, and the error of the first of them by name. */
type FailureGroup = {
  /** The names of the assets, or of files as `hero/og.jpg`, sorted. */
  names: readonly string[]
  assets: ReadonlySet<string>
  /** `hero`; for several, `a, b, c and 7 more (10 assets)`. */
  label: string
  error: unknown
}

/** Collects the failures of a run, so that a cause which many assets share is reported once. */
export type FailureGroups = {
  /** Adds a failure. Ignores one that only says that the run was stopped. */
  add(failure: Failure): void
  /** Assets and files that failed so far. */
  readonly count: number
  /**
   * Returns the failures since the last call by cause, sorted by their first names: the order in
   * which they happened, which may differ from run to run, decides nothing. Keeps those with a
   * cause that was returned before for the call at the end of the run.
   */
  take(moment: 'during' | 'end'): FailureGroup[]
}

/** Creates an empty collection. */
export function createFailureGroups(): FailureGroups {
  const failuresByCause = new Map<string, Failure[]>()
  const reported = new Set<string>()
  let count = 0
  return {
    get count() {
      return count
    },
    add(failure) {
      if (failure.error instanceof LimnError && failure.error.code === 'aborted') return
      count++
      const cause = causeOf(failure.error)
      const known = failuresByCause.get(cause)
      if (known === undefined) failuresByCause.set(cause, [failure])
      else known.push(failure)
    },
    take(moment) {
      const groups: FailureGroup[] = []
      for (const [cause, failures] of failuresByCause) {
        const isRepeated = reported.has(cause)
        if (isRepeated && moment === 'during') continue
        groups.push(toGroup(failures, isRepeated))
        failuresByCause.delete(cause)
        reported.add(cause)
      }
      if (moment === 'end') reported.clear()
      return groups.toSorted((a, b) => compareText(a.names[0]!, b.names[0]!))
    },
  }
}

function toGroup(failures: readonly Failure[], isRepeated: boolean): FailureGroup {
  const sorted = failures.toSorted((a, b) => compareText(nameOf(a), nameOf(b)))
  const names = sorted.map(nameOf)
  const noun = failures.every(({ file }) => file === undefined) ? 'assets' : 'files'
  const number = `${names.length} ${isRepeated ? 'further ' : ''}${noun}`
  const label = names.length === 1 ? names[0]! : `${listNames(names)} (${number})`
  const assets = new Set(sorted.map(({ asset }) => asset))
  return { names, assets, label, error: sorted[0]!.error }
}

function nameOf({ asset, file }: Failure): string {
  return file === undefined ? asset : `${asset}/${file}`
}

/** Errors whose messages state amounts that differ from one request to the next. */
const WITH_AMOUNTS: readonly ErrorCode[] = ['budget/exceeded', 'store/no-space']

/** Begins the sentence about the place of a picture that could not be stored. */
const SAVED = 'The picture was saved to '

/**
 * Returns what the failures of a group have in common: not the ids of requests, and no amounts of
 * money or space.
 */
function causeOf(error: unknown): string {
  if (!(error instanceof LimnError)) {
    return error instanceof Error ? `${error.stack}` : String(error)
  }
  const { code, message, hint, cause } = error
  const inner = cause instanceof LimnError ? cause.message : ''
  // Each picture that could not be stored is in a place of its own, which the user must learn.
  const isSaved = message.includes(SAVED)
  const text =
    WITH_AMOUNTS.includes(code) && !isSaved
      ? ''
      : `${message} ${inner}`.replace(/\breq[_-]\w+/g, 'req')
  return JSON.stringify([code, text, hint])
}
