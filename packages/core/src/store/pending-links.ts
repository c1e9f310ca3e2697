import { join } from 'node:path'
import { makeFolder, removeInside, renameInside, rootOfState } from '../disk/project-files.ts'
import { listInside, maxBytes, readTextInside } from '../disk/read-inside.ts'
import { syncFolder } from '../disk/sync-folder.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { toWriteError } from '../disk/write-errors.ts'
import { LimnError } from '../errors.ts'
import { type ImageRequest, requestHashOf } from '../identity/request.ts'
import { isAssetName, parseImageRequest, parseMasterRecord } from '../lock/codec.ts'
import type { MasterRecord } from '../lock/lock.ts'

/*
 * Some servers answer with links to pictures that are paid for. Limn writes the links to the journal
 * before it fetches them, and removes them when the pictures are in the journal. The next run
 * fetches what is left.
 */

const LINKS = '.links'

/** Links of one answer whose pictures are not in the journal yet. */
export type LinkRecord = {
  version: 1
  /** The asset that the request was for. */
  asset: string
  request: ImageRequest
  /** Absolute URLs; they may contain signatures. */
  links: string[]
  /** How the pictures were made. */
  made: MasterRecord
}

/** Writes or overwrites a record. @throws LimnError `store/…` */
export async function writeLinkRecord(
  journal: string,
  key: string,
  record: LinkRecord,
): Promise<void> {
  const text = `${JSON.stringify(record, null, 2)}\n`
  await writeFileAtomic(rootOfState(journal), join(journal, `${key}${LINKS}`), text)
}

/** Removes a record, when its pictures are in the journal. @throws LimnError `store/…` */
export async function removeLinkRecord(journal: string, key: string): Promise<void> {
  const path = join(journal, `${key}${LINKS}`)
  try {
    await removeInside(rootOfState(journal), path)
    await syncFolder(journal)
  } catch (error) {
    throw toWriteError(error, path)
  }
}

/**
 * Moves a record to `rejected/` next to the journal, when its links are no longer valid.
 *
 * @returns its new absolute path
 * @throws LimnError `store/…`
 */
export async function rejectLinkRecord(journal: string, key: string): Promise<string> {
  const rejected = join(journal, '..', 'rejected')
  const target = join(rejected, `${key}${LINKS}`)
  try {
    await makeFolder(rootOfState(journal), rejected)
    await renameInside(rootOfState(journal), join(journal, `${key}${LINKS}`), target)
  } catch (error) {
    throw toWriteError(error, target)
  }
  return target
}

/**
 * Lists the keys of the records without reading them; empty if the journal can't be read, which
 * `listJournalKeys` reports.
 */
export function listLinkKeys(journal: string): string[] {
  try {
    return listInside(rootOfState(journal), journal).flatMap(({ name }) =>
      name.endsWith(LINKS) && !name.startsWith('.') ? [name.slice(0, -LINKS.length)] : [],
    )
  } catch {
    return []
  }
}

/** Counts the records by request hash, which their keys begin with. */
export function countLinked(journal: string): Map<string, number> {
  const countByHash = new Map<string, number>()
  for (const key of listLinkKeys(journal)) {
    const hash = requestHashOf(key)
    countByHash.set(hash, (countByHash.get(hash) ?? 0) + 1)
  }
  return countByHash
}

/**
 * Reads a record.
 *
 * @throws LimnError `store/failed` if it can't be read: ignoring it would pay for its pictures
 *   twice
 */
export function readLinkRecord(journal: string, key: string): LinkRecord {
  const path = join(journal, `${key}${LINKS}`)
  let record: LinkRecord
  try {
    record = JSON.parse(readTextInside(rootOfState(journal), path, maxBytes.text)) as LinkRecord
  } catch (error) {
    throw unreadable(path, error)
  }
  if (!isComplete(record)) throw unreadable(path)
  return record
}

function isComplete(record: Partial<LinkRecord> | null): boolean {
  return (
    record?.version === 1 &&
    isAssetName(record.asset) &&
    parseImageRequest(record.request) !== undefined &&
    parseMasterRecord(record.made) !== undefined &&
    Array.isArray(record.links) &&
    record.links.every((link) => typeof link === 'string')
  )
}

function unreadable(path: string, cause?: unknown): LimnError {
  return new LimnError(
    'store/failed',
    `${path} can't be read. It records links to pictures that were paid for.`,
    {
      hint: 'Make it readable, or delete it if it is damaged: Limn then requests the pictures again.',
      cause,
    },
  )
}
