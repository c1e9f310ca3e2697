import type { LimnError } from '../errors.ts'
import type { LimnEvent } from '../events.ts'
import { abortedError, type Clock, sleepUnlessAborted } from '../limits/clock.ts'
import { isRemoteError } from '../remote/remote-errors.ts'

/** Longest pause between two attempts, ms. */
const MAX_PAUSE_MS = 30_000

type PatientOptions = {
  clock: Pick<Clock, 'sleep'>
  /** Ends the attempts. */
  signal?: AbortSignal | undefined
  /** Receives the first failure. */
  onEvent: (event: Extract<LimnEvent, { type: 'remote-awaited' }>) => void
  /** Whether a failure may pass. Default: every one. */
  isPassing?: ((error: LimnError) => boolean) | undefined
}

/**
 * Repeats work with a remote store until it succeeds: a worker without its store must not pay, and
 * must not lose what it has paid for.
 *
 * @throws what is no error of a store; LimnError `aborted`
 */
export async function withPatience<T>(
  work: () => Promise<T>,
  { clock, signal, onEvent, isPassing = () => true }: PatientOptions,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!isRemoteError(error) || !isPassing(error)) throw error
      if (attempt === 0) onEvent({ type: 'remote-awaited', error })
      if (signal?.aborted === true) throw abortedError(error)
      await sleepUnlessAborted(Math.min(500 * 2 ** attempt, MAX_PAUSE_MS), { clock, signal })
    }
  }
}

/** Whether a store may only be away for a while. All that it answers is final. */
export function isAway({ code }: LimnError): boolean {
  return code === 'remote/unreachable'
}
