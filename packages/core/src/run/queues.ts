import { availableParallelism } from 'node:os'
import PQueue from 'p-queue'
import { LimnError } from '../errors.ts'

/** The queues of a run, in the order in which a picture passes them. */
export type Queues = {
  /**
   * Requests under way. Each holds its slot until its pictures are in the journal, so that a crash
   * never costs more pictures than are in flight.
   */
  requests: PQueue
  /**
   * Pictures on their way to the journal, three at a time: of many that arrive together, the first
   * is safe soon.
   */
  journal: PQueue
  /** Journaled pictures that become masters, two at a time: few are in memory at once. */
  masters: PQueue
  /**
   * Decoding and cutting, one task per processor: more tasks would only slow down reading and
   * writing.
   */
  processors: PQueue
}

/** Creates the queues of a run. `maxRequests` is the number of requests in flight at the same time. */
export function createQueues(maxRequests: number): Queues {
  return {
    requests: new PQueue({ concurrency: maxRequests }),
    journal: new PQueue({ concurrency: 3 }),
    masters: new PQueue({ concurrency: 2 }),
    processors: new PQueue({ concurrency: availableParallelism() }),
  }
}

/**
 * Runs `decode` ahead of all queued cuts.
 *
 * @throws LimnError `aborted` if `quit` fires before `decode` is done
 */
export async function queueDecoding<T>(
  { processors }: Pick<Queues, 'processors'>,
  quit: AbortSignal | undefined,
  decode: () => Promise<T>,
): Promise<T> {
  try {
    return await processors.add(decode, {
      priority: 1,
      ...(quit === undefined ? {} : { signal: quit }),
    })
  } catch (error) {
    throw quit?.aborted === true && !(error instanceof LimnError)
      ? new LimnError(
          'aborted',
          'The run was stopped before this picture was decoded. The next run continues with it.',
          { cause: error },
        )
      : error
  }
}
