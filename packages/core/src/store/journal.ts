import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '../digest.ts'
import { describeReadError } from '../disk/read-errors.ts'
import { writeFilesAtomic } from '../disk/write-atomic.ts'
import { toWriteError } from '../disk/write-errors.ts'
import { isErrno, LimnError } from '../errors.ts'
import type { LockEntry } from '../lock/lock.ts'

/*
 * The journal of paid pictures. A picture is written here, synced, before anything else
 * looks at it, and leaves only when the lockfile that names its master is on the disk.
 * Whenever the process dies in between, the next run finds the picture and takes it.
 */

const PICTURE = '.picture'
const RECORD = '.json'

/** What stands beside a picture: what was asked, and how the picture came to be. */
export type Receipt = Pick<LockEntry, 'request' | 'made'>

/**
 * Writes a received picture down. Its record takes its place first, so that no picture is ever
 * without one.
 *
 * @param key the hash of the request it answers; further pictures of that request have keys of
 *   their own, see `reserveKey`
 * @throws LimnError `store/read-only`, `store/no-space`, `store/failed`; nothing of it is there
 *   then
 */
export async function writeJournalEntry(
  folder: string,
  key: string,
  bytes: Uint8Array,
  { request, made }: Receipt,
): Promise<void> {
  const record = join(folder, `${key}${RECORD}`)
  try {
    await writeFilesAtomic([
      { path: record, data: JSON.stringify({ request, made }) },
      { path: join(folder, `${key}${PICTURE}`), data: bytes },
    ])
  } catch (error) {
    await rm(record, { force: true }).catch(() => {})
    throw error
  }
}

/**
 * A key for one more picture of a request: its hash, or `<hash>+2` and on where that is taken. It
 * is taken from now on.
 */
export function reserveKey(taken: Set<string>, hash: string): string {
  let key = hash
  for (let number = 2; taken.has(key); number++) key = `${hash}+${number}`
  taken.add(key)
  return key
}

/**
 * The digests of the pictures that the journal holds, by key.
 *
 * @throws LimnError `store/failed` where it can't be read: to go on would mean to pay again for
 *   what it holds
 */
export function listJournal(folder: string): Map<string, string> {
  const digests = new Map<string, string>()
  for (const key of listJournalKeys(folder)) {
    const path = join(folder, `${key}${PICTURE}`)
    // One that the only writer has just taken out is absent.
    const bytes = read(path, () => readFileSync(path))
    if (bytes !== undefined) digests.set(key, sha256(bytes))
  }
  return digests
}

/** The keys of the pictures in a journal or on a shelf, without a look at the pictures. */
export function listJournalKeys(folder: string): string[] {
  return listNames(folder).flatMap((name) =>
    name.endsWith(PICTURE) ? [name.slice(0, -PICTURE.length)] : [],
  )
}

/** The names of all files but hidden ones. @throws LimnError `store/failed` */
function listNames(folder: string): string[] {
  const entries = read(folder, () => readdirSync(folder, { withFileTypes: true })) ?? []
  return entries.flatMap((entry) =>
    entry.name.startsWith('.') || entry.isDirectory() ? [] : [entry.name],
  )
}

/** What `work` reads, or `undefined` where there is no such thing. @throws LimnError `store/failed` */
function read<T>(path: string, work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    throw new LimnError(
      'store/failed',
      `${path} can't be read (${describeReadError(error)}): pictures that were paid for may lie there.`,
      { hint: 'Make it readable, then run the command again.', cause: error },
    )
  }
}

/** The picture of a request; what stands beside it is `undefined` where that is missing or damaged. */
export async function readJournalEntry(
  folder: string,
  key: string,
): Promise<{ bytes: Uint8Array; receipt: Receipt | undefined }> {
  const bytes = await readFile(join(folder, `${key}${PICTURE}`))
  const record = await readFile(join(folder, `${key}${RECORD}`), 'utf8')
    .then((text) => JSON.parse(text) as Partial<Receipt> | null)
    .catch(() => undefined)
  const { request, made } = record ?? {}
  return {
    bytes,
    receipt: request === undefined || made === undefined ? undefined : { request, made },
  }
}

/**
 * Takes a picture out of the journal, as the lockfile names its master now.
 *
 * @throws LimnError `store/read-only`, `store/failed`
 */
export async function removeJournalEntry(folder: string, key: string): Promise<void> {
  for (const path of [join(folder, `${key}${PICTURE}`), join(folder, `${key}${RECORD}`)]) {
    await rm(path, { force: true }).catch((error: unknown) => {
      throw toWriteError(error, path)
    })
  }
}

/**
 * Takes out what a process that died had no time to: pictures that reached the lockfile, and
 * records without a picture.
 *
 * @param isSettled whether a picture, by key and digest, is where it belongs
 * @returns whether anything was taken out
 */
export async function cleanUpJournal(
  folder: string,
  isSettled: (key: string, digest: string) => boolean,
): Promise<boolean> {
  const digests = listJournal(folder)
  const records = listNames(folder).filter(
    (name) => name.endsWith(RECORD) && !digests.has(name.slice(0, -RECORD.length)),
  )
  const settled = [...digests].flatMap(([key, digest]) => (isSettled(key, digest) ? [key] : []))
  for (const key of [...settled, ...records.map((name) => name.slice(0, -RECORD.length))]) {
    await removeJournalEntry(folder, key)
  }
  return settled.length > 0
}

/** Sets a received file aside that is no usable picture, so that it is neither lost nor tried again. */
export async function rejectJournalEntry(folder: string, key: string): Promise<string> {
  const rejected = join(folder, '..', 'rejected')
  const target = join(rejected, `${key}${PICTURE}`)
  try {
    await mkdir(rejected, { recursive: true })
    await rename(join(folder, `${key}${PICTURE}`), target)
    await rename(join(folder, `${key}${RECORD}`), join(rejected, `${key}${RECORD}`)).catch(
      (error: unknown) => {
        if (!isErrno(error, 'ENOENT')) throw error
      },
    )
  } catch (error) {
    throw toWriteError(error, target)
  }
  return target
}

/*
 * The shelf. A paid picture that gives way to another is kept under the hash of its request,
 * so that going back to an old prompt costs nothing.
 */

/** Keeps a master that is about to give way, unless it is there already. */
export async function addToShelf(
  folder: string,
  hash: string,
  bytes: Uint8Array,
  receipt: Receipt,
): Promise<void> {
  if (!listShelf(folder).has(hash)) await writeJournalEntry(folder, hash, bytes, receipt)
}

/** The request hashes that the shelf has a picture for. */
export function listShelf(folder: string): Set<string> {
  try {
    return new Set(listJournalKeys(folder))
  } catch {
    // Without it the old picture is asked for anew, and the plan says at what price.
    return new Set()
  }
}
