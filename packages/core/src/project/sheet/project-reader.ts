import type { Mistake } from '@limn/contact-sheet'
import { LimnError } from '../../errors.ts'
import type { HistoryEntry } from '../../history/entry.ts'
import { ManifestError } from '../../manifest/manifest-error.ts'
import { describeMistakes } from './call-error.ts'
import type { SheetHost } from './host.ts'
import { indexState, type SheetState } from './session-state.ts'

/** Reads a project for a session, one read at a time. */
export type ProjectReader = {
  /** The last valid read; `undefined` before the first. */
  readonly state: SheetState | undefined
  /** Whether a read was requested yet. */
  readonly hasRead: boolean
  /** What is wrong with the project now. */
  readonly mistakes: Mistake[]
  /** USD, by all copies of the project in this calendar month. */
  readonly spentThisMonth: number
  /** The outcome of the last request of each asset that this machine has requested. */
  readonly outcomeByAsset: ReadonlyMap<string, string>
  /**
   * Reads the project once for all who ask during a read. Never throws.
   *
   * @param isFresh as in `SheetHost.read`
   */
  refresh(isFresh: boolean): Promise<void>
  /** Returns the last valid read, and reads first if there is none. @throws the error of the read */
  require(): Promise<SheetState>
}

/** Creates the reader of a session. Reads nothing yet. */
export function createProjectReader({ project, read: readHost }: SheetHost): ProjectReader {
  let state: SheetState | undefined
  let failure: unknown
  let spentThisMonth = 0
  let outcomeByAsset: ReadonlyMap<string, string> = new Map()
  let hasRead = false
  let reading: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined
  let isNextFresh = false

  async function read(isFresh: boolean): Promise<void> {
    try {
      state = indexState(await readHost({ isFresh }))
      spentThisMonth = await project.spentThisMonth()
      outcomeByAsset = lastOutcomes(await project.history())
      failure = undefined
    } catch (error) {
      failure = error
    }
  }
  function refresh(isFresh: boolean): Promise<void> {
    hasRead = true
    isNextFresh ||= isFresh
    next ??= reading.then(() => {
      next = undefined
      reading = read(isNextFresh)
      isNextFresh = false
      return reading
    })
    return next
  }
  return {
    get state() {
      return state
    },
    get hasRead() {
      return hasRead
    },
    get mistakes() {
      return mistakesOf(failure)
    },
    get spentThisMonth() {
      return spentThisMonth
    },
    get outcomeByAsset() {
      return outcomeByAsset
    },
    refresh,
    async require() {
      if (state === undefined) await refresh(false)
      if (state === undefined) throw failure
      return state
    },
  }
}

function lastOutcomes(history: readonly HistoryEntry[]): Map<string, string> {
  return new Map(
    history.flatMap((entry) => (entry.kind === 'request' ? [[entry.asset, entry.outcome]] : [])),
  )
}

function mistakesOf(failure: unknown): Mistake[] {
  if (failure === undefined) return []
  if (failure instanceof ManifestError) return describeMistakes(failure)
  const message = failure instanceof Error ? failure.message : String(failure)
  const hint = failure instanceof LimnError ? failure.hint : undefined
  const code = failure instanceof LimnError ? failure.code : 'bug'
  return [{ code, text: hint === undefined ? message : `${message} ${hint}` }]
}
