import { randomUUID } from 'node:crypto'
import { type ErrorCode, LimnError } from '../errors.ts'
import { hashRequest, type ImageRequest } from '../identity/request.ts'
import type { MasterRecord } from '../lock/lock.ts'
import { writeJournalOrFallback } from '../store/journal-fallback.ts'
import { reserveKey, listJournalKeys } from '../store/journal.ts'
import type { ProjectPaths } from '../store/paths.ts'
import type { RequireWriter } from '../store/single-writer.ts'
import type { Queues } from './queues.ts'

/** The journal of paid pictures while a run writes to it. */
export type RunJournal = {
  /**
   * Writes pictures to the journal, synced. If one cannot be written, the others are written all
   * the same.
   *
   * @returns the keys of the pictures
   * @throws LimnError `store/…`
   */
  keep(
    pictures: readonly Uint8Array[],
    receipt: { request: ImageRequest; made: MasterRecord },
  ): Promise<string[]>
  /** @throws LimnError if an earlier picture could not be written: no more must be paid for then */
  requireIntact(): void
}

/** Opens the journal for a run. @throws LimnError `store/failed` if it cannot be read */
export function openRunJournal(
  paths: ProjectPaths,
  { journal: queue }: Pick<Queues, 'journal'>,
  requireWriter: RequireWriter,
): RunJournal {
  const takenKeys = new Set(listJournalKeys(paths.journal))
  let failedWith: ErrorCode | undefined
  return {
    async keep(pictures, receipt) {
      const keys: string[] = []
      // A paid picture is kept in any case. Another writer may have the same keys by now.
      const suffix = await requireWriter().then(
        () => '',
        () => `+${randomUUID()}`,
      )
      let failure: { error: unknown } | undefined
      for (const bytes of pictures) {
        const hash = hashRequest(receipt.request)
        const key = reserveKey(takenKeys, `${hash}${suffix}`)
        await queue
          .add(() => writeJournalOrFallback(paths, { key, bytes, receipt }))
          .then(
            () => keys.push(key),
            (error: unknown) => (failure ??= { error }),
          )
      }
      if (failure === undefined) return keys
      if (failure.error instanceof LimnError) failedWith = failure.error.code
      throw failure.error
    },
    requireIntact() {
      if (failedWith === undefined) return
      throw new LimnError(
        failedWith,
        'The request was not sent because an earlier picture could not be written.',
        { hint: 'Fix that first, then run the command again.' },
      )
    },
  }
}
