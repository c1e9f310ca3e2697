import { join } from 'node:path'
import { createDebug, elapsed } from '../debug.ts'
import { pictureDigest } from '../digest.ts'
import { makeFolder, removeInside, renameInside, rootOfState } from '../disk/project-files.ts'
import { describeReadError } from '../disk/read-errors.ts'
import { listInside, maxBytes, readInside, readTextInside } from '../disk/read-inside.ts'
import { writeFilesAtomic } from '../disk/write-atomic.ts'
import { toWriteError } from '../disk/write-errors.ts'
import { isErrno, LimnError } from '../errors.ts'
import type { ImageRequest } from '../identity/request.ts'
import { isAssetName, parseImageRequest, parseMasterRecord } from '../lock/codec.ts'
import type { LockEntry, MasterRecord } from '../lock/lock.ts'

/*
 * The journal of paid pictures. Limn writes and syncs a received picture here before anything else,
 * and removes it only when the lockfile that names its master is on the disk. If the process dies in
 * between, the next run recovers the picture from here.
 */

const debug = createDebug('store')

const PICTURE = '.picture'
const RECORD = '.json'

/**
 * What the journal records about a picture: its request, how it was made, and the asset that
 * requested it.
 */
type Receipt = Pick<LockEntry, 'request' | 'made'> & { asset?: string }

/** What the journal says about a picture that is read back. */
export type PictureReceipt = { request: ImageRequest; made: MasterRecord; asset?: string }

/** A picture in the journal, the fallback or the shelf. */
export type JournalEntry = {
  /** Hash of the picture's request; more pictures of that request have keys by `reserveKey`. */
  key: string
  bytes: Uint8Array
  receipt: Receipt
}

/**
 * Writes a received picture. Its record is in place before the picture, so that no picture is ever
 * without one.
 *
 * @throws LimnError `store/read-only`, `store/no-space`, `store/failed`; nothing is written then
 */
export async function writeJournalEntry(
  folder: string,
  { key, bytes, receipt: { request, made, asset } }: JournalEntry,
): Promise<void> {
  const start = performance.now()
  const record = join(folder, `${key}${RECORD}`)
  try {
    await writeFilesAtomic(rootOfState(folder), [
      { path: record, data: JSON.stringify({ request, made, asset }) },
      { path: join(folder, `${key}${PICTURE}`), data: bytes },
    ])
  } catch (error) {
    await removeInside(rootOfState(folder), record).catch(() => {})
    throw error
  }
  if (debug.enabled) {
    debug('%s: kept %s, %d bytes, %s', folder, key, bytes.length, elapsed(start))
  }
}

/** Returns the name of the file of a picture in a journal or on a shelf. */
export function journalFile(key: string): string {
  return `${key}${PICTURE}`
}

/**
 * Reserves a key for another picture of a request, and adds it to `taken`.
 *
 * @returns the request hash, or `<hash>+2` and so on if that is taken
 */
export function reserveKey(taken: Set<string>, hash: string): string {
  let key = hash
  for (let number = 2; taken.has(key); number++) key = `${hash}+${number}`
  taken.add(key)
  return key
}

/**
 * Computes the digests of the journal's pictures by key.
 *
 * @throws LimnError `store/failed` if a picture can't be read: ignoring it would pay for it twice
 */
export function listJournal(folder: string): Map<string, string> {
  const digestByKey = new Map<string, string>()
  for (const key of listJournalKeys(folder)) {
    const path = join(folder, `${key}${PICTURE}`)
    // A concurrent writer may have removed the picture since it was listed.
    const bytes = readIfExists(path, () => readInside(rootOfState(folder), path, maxBytes.picture))
    if (bytes !== undefined) digestByKey.set(key, pictureDigest(bytes))
  }
  return digestByKey
}

/**
 * Lists the keys in a journal, fallback or shelf without reading the pictures.
 *
 * @throws LimnError `store/failed`
 */
export function listJournalKeys(folder: string): string[] {
  return listFiles(folder).flatMap((name) =>
    name.endsWith(PICTURE) ? [name.slice(0, -PICTURE.length)] : [],
  )
}

/** Lists the names of all files except hidden ones. @throws LimnError `store/failed` */
function listFiles(folder: string): string[] {
  const entries = readIfExists(folder, () => listInside(rootOfState(folder), folder)) ?? []
  return entries.flatMap((entry) =>
    entry.name.startsWith('.') || entry.isDirectory() ? [] : [entry.name],
  )
}

/**
 * Returns what `read` returns, or `undefined` if the path is missing. @throws LimnError
 * `store/failed`
 */
function readIfExists<T>(path: string, read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    // Limn writes nothing outside the project: what is there was not paid for by this project.
    if (isErrno(error, 'ENOENT', 'EOUTSIDE')) return undefined
    throw new LimnError(
      'store/failed',
      `${path} can't be read (${describeReadError(error)}). It may contain pictures that were paid for.`,
      { hint: 'Make it readable, then run the command again.', cause: error },
    )
  }
}

/** Reads a picture; its receipt is `undefined` if the record is missing or damaged. */
export async function readJournalEntry(
  folder: string,
  key: string,
): Promise<{ bytes: Uint8Array; receipt: PictureReceipt | undefined }> {
  const root = rootOfState(folder)
  const bytes = readInside(root, join(folder, `${key}${PICTURE}`), maxBytes.picture)
  return { bytes, receipt: readReceipt(root, join(folder, `${key}${RECORD}`)) }
}

/** Reads the records of a journal's pictures; skips those that can't be read. */
export function readReceipts(folder: string): PictureReceipt[] {
  return listJournalKeys(folder).flatMap(
    (key) => readReceipt(rootOfState(folder), join(folder, `${key}${RECORD}`)) ?? [],
  )
}

/** Reads a record; `undefined` if it is missing, or the lockfile could not contain its parts. */
function readReceipt(root: string, path: string): PictureReceipt | undefined {
  try {
    const record = JSON.parse(readTextInside(root, path, maxBytes.text)) as Partial<Receipt> | null
    const request = parseImageRequest(record?.request)
    const made = parseMasterRecord(record?.made)
    if (request === undefined || made === undefined) return undefined
    const asset = record?.asset
    return { request, made, ...(isAssetName(asset) ? { asset } : {}) }
  } catch {
    return undefined
  }
}

/**
 * Removes a picture, when the lockfile that names its master is on the disk.
 *
 * @throws LimnError `store/read-only`, `store/failed`
 */
export async function removeJournalEntry(folder: string, key: string): Promise<void> {
  for (const path of [join(folder, `${key}${PICTURE}`), join(folder, `${key}${RECORD}`)]) {
    await removeInside(rootOfState(folder), path).catch((error: unknown) => {
      throw toWriteError(error, path)
    })
  }
  debug('%s: removed %s', folder, key)
}

/**
 * Removes what a crashed process could not: installed pictures, and records without a picture.
 *
 * @param isInstalled returns whether the lockfile has the picture with that key and digest
 * @returns whether a picture was removed
 */
export async function cleanUpJournal(
  folder: string,
  isInstalled: (key: string, digest: string) => boolean,
): Promise<boolean> {
  const digestByKey = listJournal(folder)
  const orphans = listFiles(folder).flatMap((name) => {
    const key = name.slice(0, -RECORD.length)
    return name.endsWith(RECORD) && !digestByKey.has(key) ? [key] : []
  })
  const installed = [...digestByKey].flatMap(([key, digest]) =>
    isInstalled(key, digest) ? [key] : [],
  )
  for (const key of [...installed, ...orphans]) await removeJournalEntry(folder, key)
  debug(
    'cleaned up the journal: %d installed pictures, %d records without a picture',
    installed.length,
    orphans.length,
  )
  return installed.length > 0
}

/**
 * Moves a received file that is no usable picture to `rejected/` next to the journal, so that it is
 * neither lost nor read again.
 *
 * @returns its new absolute path
 * @throws LimnError `store/read-only`, `store/failed`
 */
export async function rejectJournalEntry(folder: string, key: string): Promise<string> {
  const root = rootOfState(folder)
  const rejected = join(folder, '..', 'rejected')
  const target = join(rejected, `${key}${PICTURE}`)
  try {
    await makeFolder(root, rejected)
    await renameInside(root, join(folder, `${key}${PICTURE}`), target)
    const record = `${key}${RECORD}`
    await renameInside(root, join(folder, record), join(rejected, record)).catch(
      (error: unknown) => {
        if (!isErrno(error, 'ENOENT')) throw error
      },
    )
  } catch (error) {
    throw toWriteError(error, target)
  }
  debug('moved %s out of the journal to %s: it is no usable picture', key, target)
  return target
}
