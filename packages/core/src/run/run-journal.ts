import { randomUUID } from 'node:crypto'
import { requireWritesAllowed, unguarded } from '../disk/write-guard.ts'
import { type ErrorCode, LimnError } from '../errors.ts'
import { hashRequest, type ImageRequest } from '../identity/request.ts'
import type { Clock } from '../limits/clock.ts'
import type { MasterRecord } from '../lock/lock.ts'
import { writeToFallback } from '../store/journal-fallback.ts'
import {
  type JournalEntry,
  listJournalKeys,
  reserveKey,
  writeJournalEntry,
} from '../store/journal.ts'
import type { ProjectPaths } from '../store/paths.ts'
import type { Queues } from './queues.ts'
import { writePatiently } from './write-patiently.ts'

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
    receipt: { asset: string; request: ImageRequest; made: MasterRecord },
  ): Promise<string[]>
  /**
   * Waits while the disk refuses pictures that have arrived: no more must be paid for meanwhile.
   *
   * @throws LimnError if an earlier picture could not be written
   */
  whenReady(): Promise<void>
}

type JournalOptions = {
  queues: Pick<Queues, 'journal'>
  clock: Pick<Clock, 'sleep'>
  /** Ends the retries of a write. */
  quit?: AbortSignal | undefined
}

/** Opens the journal for a run. @throws LimnError `store/failed` if it cannot be read */
export function openRunJournal(
  paths: ProjectPaths,
  { queues: { journal: queue }, clock, quit }: JournalOptions,
): RunJournal {
  const takenKeys = new Set(listJournalKeys(paths.journal))
  const writer = createEntryWriter(paths, { clock, quit })
  return {
    async keep(pictures, receipt) {
      const keys: string[] = []
      // A paid picture is kept in any case. Another writer may have the same keys by now.
      const suffix = await requireWritesAllowed().then(
        () => '',
        () => `+${randomUUID()}`,
      )
      let failure: { error: unknown } | undefined
      for (const bytes of pictures) {
        const hash = hashRequest(receipt.request)
        const key = reserveKey(takenKeys, `${hash}${suffix}`)
        await queue
          .add(() => unguarded(() => writer.write({ key, bytes, receipt })))
          .then(
            () => keys.push(key),
            (error: unknown) => (failure ??= { error }),
          )
      }
      if (failure !== undefined) throw failure.error
      return keys
    },
    whenReady: writer.whenReady,
  }
}

/** Writes entries, and remembers whether the disk refuses them. */
type EntryWriter = { write(entry: JournalEntry): Promise<void>; whenReady: RunJournal['whenReady'] }

function createEntryWriter(
  paths: ProjectPaths,
  { clock, quit }: Omit<JournalOptions, 'queues'>,
): EntryWriter {
  const stalled = new Set<Promise<void>>()
  let failedWith: ErrorCode | undefined
  return {
    async write(entry) {
      let end = (): void => {}
      const ended = new Promise<void>((resolve) => (end = resolve))
      try {
        await writePatiently(() => writeJournalEntry(paths.journal, entry), {
          clock,
          quit,
          // What did not recover for the picture before does not recover for this one.
          isPatient: failedWith === undefined,
          saveElsewhere: () => writeToFallback(paths.root, entry),
          onStall: () => stalled.add(ended),
        })
      } catch (error) {
        if (error instanceof LimnError) failedWith = error.code
        throw error
      } finally {
        stalled.delete(ended)
        end()
      }
    },
    async whenReady() {
      while (stalled.size > 0) await Promise.all(stalled)
      if (failedWith === undefined) return
      throw new LimnError(
        failedWith,
        'The request was not sent because an earlier picture could not be written.',
        { hint: 'Fix that first, then run the command again.' },
      )
    },
  }
}
