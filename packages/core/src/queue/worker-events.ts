import type { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'

/** What a worker reports. */
export type WorkerEvent =
  /** The worker waits for jobs. `jobs` is the number of jobs that it does at the same time. */
  | { type: 'worker-ready'; queue: string; store: string; jobs: number }
  /** A job begins. */
  | { type: 'job-started'; asset: string }
  /** A job is done. `usd` is what it paid: 0 if its pictures were in the store. */
  | {
      type: 'job-done'
      asset: string
      usd: number | null
      isFound: boolean
      files: number
      ms: number
    }
  /** A job failed, or is not a job of Limn. */
  | { type: 'job-failed'; asset: string | undefined; error: unknown }
  /** A job goes back to the queue: another run sends its request, or this worker stops. */
  | { type: 'job-returned'; asset: string }
  /** The connection to the queue broke. It is opened again. */
  | { type: 'queue-failed'; error: LimnError }
  /** Pictures that an earlier worker could not store were stored. */
  | { type: 'leftovers-stored'; pictures: number }
  /** An event of a request. */
  | Parameters<OnEvent>[0]

/** Receives the events of a worker. */
export type OnWorkerEvent = (event: WorkerEvent) => void
