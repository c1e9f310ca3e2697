import PQueue from 'p-queue'
import { createDebug } from '../debug.ts'
import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import type { Clock } from '../limits/clock.ts'
import { isRemoteError, unreachable } from './remote-errors.ts'
import type { RemoteStore } from './remote-store.ts'
import { storeAnswer, type UploadedAnswer } from './store-answer.ts'

const debug = createDebug('remote')

/** Answers that are uploaded at the same time. */
const CONCURRENCY = 4
/** Pauses before each retry, ms. */
const PAUSES: readonly number[] = [1000, 5000]
/**
 * How long the end of a run waits for the next upload to succeed, ms: if this machine has the only
 * copy of the pictures, and otherwise.
 */
const MAX_WAIT_MS = { onlyCopy: 300_000, copy: 60_000 } as const

/** The uploads of a run. They go on beside it, and fail without an error. */
export type Uploads = {
  /** Uploads an answer. @returns whether the store has it now */
  add(answer: UploadedAnswer): Promise<boolean>
  /**
   * Waits for the uploads while they make progress, and reports how many pictures were uploaded and
   * how many were not.
   *
   * @param quit ends the uploads at once
   */
  finish(quit?: AbortSignal): Promise<void>
}

type UploadOptions = {
  store: RemoteStore
  clock: Clock
  onEvent: OnEvent
  /** Whether git does not have the pictures either. Default false. */
  isOnlyCopy?: boolean | undefined
}

/** Creates the queue of a run's uploads. */
export function createUploads({
  store,
  clock,
  onEvent,
  isOnlyCopy = false,
}: UploadOptions): Uploads {
  const queue = new PQueue({ concurrency: CONCURRENCY })
  const stop = new AbortController()
  const state = { uploaded: 0, unsent: 0, stored: 0 }
  const unsentPaths: string[] = []
  let failure: LimnError | undefined
  let isRefused = false

  const send = async (answer: UploadedAnswer): Promise<number> => {
    for (let attempt = 0; ; attempt++) {
      stop.signal.throwIfAborted()
      try {
        return await storeAnswer(answer, { store, signal: stop.signal })
      } catch (error) {
        const pause = PAUSES[attempt]
        const isTemporary = isRemoteError(error) && error.code === 'remote/unreachable'
        if (!isTemporary || pause === undefined) throw error
        await clock.sleep(pause, stop.signal)
      }
    }
  }
  return {
    add: (answer) =>
      queue.add(async () => {
        try {
          // What the store refused once, it refuses for every picture.
          if (isRefused) throw failure!
          const uploaded = await send(answer)
          state.uploaded += uploaded
          state.stored++
          return true
        } catch (error) {
          debug('an upload failed: %s', error)
          state.unsent += answer.pictures.length
          if (answer.path !== undefined) unsentPaths.push(answer.path)
          if (error instanceof LimnError && error.code !== 'aborted') failure ??= error
          isRefused ||= isRefusal(error)
          return false
        }
      }),
    async finish(quit) {
      const onQuit = (): void => stop.abort()
      if (quit?.aborted === true) onQuit()
      quit?.addEventListener('abort', onQuit, { once: true })
      const ms = isOnlyCopy ? MAX_WAIT_MS.onlyCopy : MAX_WAIT_MS.copy
      await waitWhileProgressing(queue, { clock, ms, storedCount: () => state.stored })
      stop.abort()
      await queue.onIdle()
      quit?.removeEventListener('abort', onQuit)
      if (state.uploaded > 0) {
        onEvent({ type: 'remote-uploaded', store: store.name, pictures: state.uploaded })
      }
      if (state.unsent > 0) {
        const error = failure ?? unreachable(store.name, 'did not accept all pictures in time')
        const paths = unsentPaths.toSorted()
        const pictures = state.unsent
        onEvent({ type: 'remote-unsent', store: store.name, pictures, paths, isOnlyCopy, error })
      }
    },
  }
}

/** Whether a store refuses every picture, and not only this one. */
function isRefusal(error: unknown): boolean {
  return isRemoteError(error) && (error.code === 'remote/denied' || error.code === 'remote/full')
}

/** Waits until a queue is empty, or none of its tasks has succeeded for `ms`. */
async function waitWhileProgressing(
  queue: PQueue,
  { clock, ms, storedCount }: { clock: Clock; ms: number; storedCount: () => number },
): Promise<void> {
  for (;;) {
    const before = storedCount()
    const timer = new AbortController()
    const isIdle = await Promise.race([
      queue.onIdle().then(() => true),
      clock.sleep(ms, timer.signal).then(
        () => false,
        () => false,
      ),
    ])
    timer.abort()
    if (isIdle || storedCount() === before) return
  }
}
