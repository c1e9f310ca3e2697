import type { RunView } from '@limn/contact-sheet'
import type { OnEvent } from '../../events.ts'
import {
  codeOfFailure,
  describeFailure,
  followRun,
  type Partial,
  type RunFollower,
  versionOf,
} from './run-view.ts'

/** How a request failed: a code such as `provider/moderation`, and a sentence. */
export type RequestFailure = { code: string; message: string }

/** The runs that a page shows, and what is left of those that have ended. */
export type SheetRuns = {
  /** The run that was started last, if it has not ended. */
  readonly view: RunView | null
  /** How the last request of each asset failed, in the runs of this session. */
  readonly failureByAsset: ReadonlyMap<string, RequestFailure>
  /** Returns the latest partial picture of an asset that is being generated. */
  partialOf(asset: string): Partial | undefined
  /**
   * Shows a run from now on.
   *
   * @param stop starts no further step of the run
   */
  start(stop: () => void): ShownRun
  /**
   * Remembers a run that waits for its turn, so that it can be stopped too.
   *
   * @param cancel lets the run not start
   * @returns forgets it: its turn has come
   */
  wait(cancel: () => void): () => void
  /** Stops the runs that are shown, and those that wait for their turn. */
  stop(): void
  /** Stops them, and lets no page start another one. */
  close(): void
}

/** A run that is shown. Pass each of its events to `onEvent`, then call `end`. */
export type ShownRun = { onEvent: OnEvent; end(): void }

/** Least time between two messages about a run, ms, and what each of its pictures adds. */
const INTERVAL = 100
const INTERVAL_PER_PICTURE = 0.1

/** How long a partial picture is kept after its end, ms: a page may be about to request it. */
const PARTIAL_KEPT = 5000

/**
 * Creates the runs of a session.
 *
 * @param send receives the state of the run at most ten times a second, and `null` when it has
 *   ended
 */
export function createSheetRuns(send: (run: RunView | null) => void): SheetRuns {
  const partialByAsset = new Map<string, Partial>()
  const failureByAsset = new Map<string, RequestFailure>()
  const stops = new Map<RunFollower, () => void>()
  const waiting = new Set<() => void>()
  let current: RunFollower | undefined
  let isShown = false
  let isClosed = false
  let timer: NodeJS.Timeout | undefined
  /** A run without a picture to make is not shown. */
  const shownView = (): RunView | null =>
    current === undefined || current.size === 0 ? null : current.view

  function sendNow(): void {
    const view = shownView()
    if (view !== null || isShown) send(view)
    isShown = view !== null
  }

  function sendSoon(): void {
    if (timer !== undefined) return
    const ms = INTERVAL + (current?.size ?? 0) * INTERVAL_PER_PICTURE
    timer = setTimeout(() => {
      timer = undefined
      sendNow()
    }, ms)
    timer.unref()
  }

  function forgetPartial(asset: string): void {
    const partial = partialByAsset.get(asset)
    if (partial === undefined) return
    const forget = (): void => {
      if (partialByAsset.get(asset) === partial) partialByAsset.delete(asset)
    }
    setTimeout(forget, PARTIAL_KEPT).unref()
  }

  const remember: OnEvent = (event) => {
    if (event.type === 'generating' || event.type === 'generated') {
      failureByAsset.delete(event.asset)
    }
    if (event.type === 'partial') {
      partialByAsset.set(event.asset, { bytes: event.picture, version: versionOf(event) })
    }
    if (event.type === 'generated' || event.type === 'failed') forgetPartial(event.asset)
    if (event.type === 'failed') {
      failureByAsset.set(event.asset, {
        code: codeOfFailure(event.error),
        message: describeFailure(event),
      })
    }
  }

  function stop(): void {
    for (const [run, stopRun] of stops) {
      run.stopping()
      stopRun()
    }
    for (const cancel of waiting) cancel()
    sendSoon()
  }

  return {
    get view() {
      return shownView()
    },
    failureByAsset,
    partialOf: (asset) => partialByAsset.get(asset),
    start(stop) {
      const run = followRun()
      current = run
      stops.set(run, stop)
      sendSoon()
      return {
        onEvent(event) {
          remember(event)
          if (run.follow(event) && run === current) sendSoon()
        },
        end() {
          stops.delete(run)
          if (current !== run) return
          // Pages see how even the shortest run has ended.
          sendNow()
          for (const { name } of run.view.assets) forgetPartial(name)
          current = [...stops.keys()].at(-1)
          sendSoon()
        },
      }
    },
    wait(cancel) {
      if (isClosed) cancel()
      waiting.add(cancel)
      return () => void waiting.delete(cancel)
    },
    stop,
    close() {
      isClosed = true
      stop()
    },
  }
}
