import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '../digest.ts'
import { isErrno, LimnError } from '../errors.ts'
import type { MasterRecord } from '../lock/lock.ts'
import { storeError, writeFileAtomic } from '../store/atomic.ts'

/*
 * The journal of paid pictures. A picture is written here, synced, before anything else
 * looks at it, and leaves only when the lockfile that names its master is on the disk.
 * Whenever the process dies in between, the next run finds the picture and takes it.
 */

const PICTURE = '.picture'

/**
 * Writes a received picture down.
 *
 * @param key the hash of the request it answers; further pictures of that request have keys of their own, see `freeKey`
 */
export async function writeJournal(folder: string, key: string, bytes: Uint8Array, made: MasterRecord): Promise<void> {
  await writeFileAtomic(join(folder, `${key}${PICTURE}`), bytes)
  await writeFileAtomic(join(folder, `${key}.json`), JSON.stringify(made))
}

/** A key for one more picture of a request: its hash, or `<hash>+2` and on where that is taken. It is taken from now on. */
export function freeKey(taken: Set<string>, hash: string): string {
  let key = hash
  for (let number = 2; taken.has(key); number++) key = `${hash}+${number}`
  taken.add(key)
  return key
}

/**
 * The digests of the pictures that the journal holds, by key.
 *
 * @throws LimnError `store/failed` where it can't be read: to go on would mean to pay again for what it holds
 */
export function listJournal(folder: string): Map<string, string> {
  const digests = new Map<string, string>()
  for (const key of listKeys(folder)) {
    const path = join(folder, `${key}${PICTURE}`)
    // One that the only writer has just taken out is absent.
    const bytes = read(path, () => readFileSync(path))
    if (bytes !== undefined) digests.set(key, sha256(bytes))
  }
  return digests
}

/** The keys of the pictures in a journal or on a shelf, without a look at the pictures. */
export function listKeys(folder: string): string[] {
  const entries = read(folder, () => readdirSync(folder, { withFileTypes: true })) ?? []
  return entries.flatMap((entry) => (entry.name.endsWith(PICTURE) && !entry.name.startsWith('.') && !entry.isDirectory() ? [entry.name.slice(0, -PICTURE.length)] : []))
}

/** What `work` reads, or `undefined` where there is no such thing. @throws LimnError `store/failed` */
function read<T>(path: string, work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    throw new LimnError('store/failed', `${path} can't be read (${isErrno(error) ? error.code : 'unknown error'}): pictures that were paid for may lie there.`, { hint: 'Make it readable, then run the command again.', cause: error })
  }
}

/** The picture of a request; its record is `undefined` where the process died between the two, or it is damaged. */
export async function readJournal(folder: string, key: string): Promise<{ bytes: Uint8Array; made: MasterRecord | undefined }> {
  const bytes = await readFile(join(folder, `${key}${PICTURE}`))
  const made = await readFile(join(folder, `${key}.json`), 'utf8')
    .then((text) => JSON.parse(text) as MasterRecord)
    .catch(() => undefined)
  return { bytes, made }
}

/** Takes a picture out of the journal, as the lockfile names its master now. */
export async function forgetJournal(folder: string, key: string): Promise<void> {
  await rm(join(folder, `${key}.json`), { force: true })
  await rm(join(folder, `${key}${PICTURE}`), { force: true })
}

/** Sets a received file aside that is no usable picture, so that it is neither lost nor tried again. */
export async function rejectJournal(folder: string, key: string): Promise<string> {
  const rejected = join(folder, '..', 'rejected')
  const target = join(rejected, `${key}${PICTURE}`)
  try {
    await mkdir(rejected, { recursive: true })
    await rename(join(folder, `${key}${PICTURE}`), target)
  } catch (error) {
    throw storeError(error, target)
  }
  await rm(join(folder, `${key}.json`), { force: true })
  return target
}

/*
 * The shelf. A paid picture that gives way to another is kept under the hash of its request,
 * so that going back to an old prompt costs nothing.
 */

/** Keeps a master that is about to give way, unless it is there already. */
export async function shelve(folder: string, hash: string, bytes: Uint8Array, made: MasterRecord): Promise<void> {
  if (!listShelf(folder).has(hash)) await writeJournal(folder, hash, bytes, made)
}

/** The request hashes that the shelf has a picture for. */
export function listShelf(folder: string): Set<string> {
  try {
    return new Set(listKeys(folder))
  } catch {
    // Without it the old picture is asked for anew, and the plan says at what price.
    return new Set()
  }
}
