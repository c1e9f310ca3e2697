import { requireSpace } from '../disk/preflight.ts'
import { requireWritesAllowed } from '../disk/write-guard.ts'
import type { OnEvent } from '../events.ts'
import type { ImageRequest } from '../identity/request.ts'
import { parseSize } from '../models/size.ts'
import type { ProgressReporter } from './progress.ts'
import type { Queues } from './queues.ts'
import type { RunJournal } from './run-journal.ts'

/** The last check before a request for an asset is sent, and the record that it is in flight. */
export type RequestGate = {
  /** When the first request was sent, ms of `performance.now()`; `undefined` before. */
  readonly startedAt: number | undefined
  /**
   * Call before each attempt to send a request.
   *
   * @throws LimnError `store/…` if the answer could not be kept, or if this process is no longer
   *   the writer: nothing must be sent then
   */
  open(): Promise<void>
  /** Call once the asset has no request in flight any more. */
  close(): void
}

/** Creates the gate of an asset that requests a number of `images`. */
export function createRequestGate(
  { asset, request, images }: { asset: string; request: ImageRequest; images: number },
  {
    root,
    journal,
    queues: { masters },
    progress,
    onEvent,
  }: {
    root: string
    journal: RunJournal
    queues: Queues
    progress: ProgressReporter
    onEvent: OnEvent
  },
): RequestGate {
  let startedAt: number | undefined
  return {
    get startedAt() {
      return startedAt
    },
    async open() {
      await journal.whenReady()
      await requireWritesAllowed()
      if (startedAt !== undefined) return
      startedAt = performance.now()
      progress.requestStarted()
      // Pictures that are in the journal still need room for their masters.
      const assets = progress.inFlight + masters.size + masters.pending
      await requireSpace(root, maxBytesOf(request) * images * assets)
      onEvent({ type: 'generating', asset })
      progress.report()
    },
    close() {
      if (startedAt !== undefined) progress.requestEnded()
    },
  }
}

/**
 * Returns the most room that a picture takes in the journal and as a master, bytes. Even noise has
 * at most three bytes per pixel.
 */
function maxBytesOf({ size }: ImageRequest): number {
  const { width, height } = parseSize(size) ?? { width: 1024, height: 1024 }
  return 2 * 3 * width * height
}
