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
/** How long the end of a run waits for an upload to make progress, ms. */
const MAX_WAIT_MS = 60_000

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

type UploadOptions = { store: RemoteStore; clock: Clock; onEvent: OnEvent }

/** Creates the queue of a run's uploads. */
export function createUploads({ store, clock, onEvent }: UploadOptions): Uploads {
  const queue = new PQueue({ concurrency: CONCURRENCY })
  const stop = new AbortController()
  const state = { pending: 0, uploaded: 0, unsent: 0, ended: 0 }
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
        const pictures = answer.pictures.length
        state.pending += pictures
        try {
          // What the store refused once, it refuses for every picture.
          if (isRefused) throw failure!
          const uploaded = await send(answer)
          state.uploaded += uploaded
          return true
        } catch (error) {
          debug('an upload failed: %s', error)
          state.unsent += pictures
          if (error instanceof LimnError && error.code !== 'aborted') failure ??= error
          isRefused ||= isRemoteError(error) && error.code !== 'remote/unreachable'
          return false
        } finally {
          state.pending -= pictures
          state.ended++
        }
      }),
    async finish(quit) {
      const onQuit = (): void => stop.abort()
      if (quit?.aborted === true) onQuit()
      quit?.addEventListener('abort', onQuit, { once: true })
      await waitWhileProgressing(queue, { clock, endedCount: () => state.ended })
      stop.abort()
      await queue.onIdle()
      quit?.removeEventListener('abort', onQuit)
      if (state.uploaded > 0) {
        onEvent({ type: 'remote-uploaded', store: store.name, pictures: state.uploaded })
      }
      if (state.unsent > 0) {
        const error = failure ?? unreachable(store.name, 'did not accept all pictures in time')
        onEvent({ type: 'remote-unsent', store: store.name, pictures: state.unsent, error })
      }
    },
  }
}

/** Waits until a queue is empty, or none of its tasks has ended for `MAX_WAIT_MS`. */
async function waitWhileProgressing(
  queue: PQueue,
  { clock, endedCount }: { clock: Clock; endedCount: () => number },
): Promise<void> {
  for (;;) {
    const before = endedCount()
    const timer = new AbortController()
    const isIdle = await Promise.race([
      queue.onIdle().then(() => true),
      clock.sleep(MAX_WAIT_MS, timer.signal).then(
        () => false,
        () => false,
      ),
    ])
    timer.abort()
    if (isIdle || endedCount() === before) return
  }
}
