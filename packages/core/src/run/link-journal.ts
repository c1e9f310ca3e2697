import { randomUUID } from 'node:crypto'
import { createDebug } from '../debug.ts'
import { unguarded } from '../disk/write-guard.ts'
import { hashRequest, type ImageRequest } from '../identity/request.ts'
import type { MasterRecord } from '../lock/lock.ts'
import { type LinkRecord, removeLinkRecord, writeLinkRecord } from '../store/pending-links.ts'

const debug = createDebug('store')

/** The links of one asset's answers while their pictures are fetched. */
export type LinkJournal = {
  /** Writes the links of an answer to the journal, synced. Does not fail: fetching goes on anyway. */
  keep(links: readonly string[], made: MasterRecord): Promise<void>
  /** Call once the pictures are in the journal. Keeps only the links that are `missing`. */
  settle(missing: readonly string[]): Promise<void>
}

/** Creates the journal of links of an asset's request. */
export function createLinkJournal(
  journal: string,
  { asset, request }: { asset: string; request: ImageRequest },
): LinkJournal {
  let kept: { key: string; record: LinkRecord } | undefined
  const attempt = (work: () => Promise<void>): Promise<void> =>
    // Links that were paid for are kept in any case, like pictures.
    unguarded(work).catch((error: unknown) =>
      debug('%s: the links were not recorded: %s', asset, error),
    )
  return {
    async keep(links, made) {
      const key = `${hashRequest(request)}+${randomUUID().slice(0, 8)}`
      const record: LinkRecord = { version: 1, asset, request, links: [...links], made }
      kept = { key, record }
      await attempt(() => writeLinkRecord(journal, key, record))
    },
    async settle(missing) {
      if (kept === undefined) return
      const { key, record } = kept
      kept = undefined
      await attempt(() =>
        missing.length === 0
          ? removeLinkRecord(journal, key)
          : writeLinkRecord(journal, key, { ...record, links: [...missing] }),
      )
    },
  }
}
