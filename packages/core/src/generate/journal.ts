import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '../digest.ts'
import type { MasterRecord } from '../lock/lock.ts'
import { storeError, writeFileAtomic } from '../store/atomic.ts'

/*
 * The journal of paid pictures. A picture is written here, synced, before anything else
 * looks at it, and leaves only when the lockfile that names its master is on the disk.
 * Whenever the process dies in between, the next run finds the picture and takes it.
 */

const PICTURE = '.picture'

/** Writes a received picture down under the hash of the request it answers. */
export async function writeJournal(folder: string, hash: string, bytes: Uint8Array, made: MasterRecord): Promise<void> {
  await writeFileAtomic(join(folder, `${hash}${PICTURE}`), bytes)
  await writeFileAtomic(join(folder, `${hash}.json`), JSON.stringify(made))
}

/** The digests of the pictures that the journal holds, by the hash of the request that they answer. */
export function listJournal(folder: string): Map<string, string> {
  try {
    const pictures = readdirSync(folder).filter((name) => name.endsWith(PICTURE) && !name.startsWith('.'))
    return new Map(pictures.map((name) => [name.slice(0, -PICTURE.length), sha256(readFileSync(join(folder, name)))]))
  } catch {
    return new Map()
  }
}

/** The picture of a request; its record is `undefined` where the process died between the two, or it is damaged. */
export async function readJournal(folder: string, hash: string): Promise<{ bytes: Uint8Array; made: MasterRecord | undefined }> {
  const bytes = await readFile(join(folder, `${hash}${PICTURE}`))
  const made = await readFile(join(folder, `${hash}.json`), 'utf8')
    .then((text) => JSON.parse(text) as MasterRecord)
    .catch(() => undefined)
  return { bytes, made }
}

/** Takes a picture out of the journal, as the lockfile names its master now. */
export async function forgetJournal(folder: string, hash: string): Promise<void> {
  await rm(join(folder, `${hash}.json`), { force: true })
  await rm(join(folder, `${hash}${PICTURE}`), { force: true })
}

/** Sets a received file aside that is no usable picture, so that it is neither lost nor tried again. */
export async function rejectJournal(folder: string, hash: string): Promise<string> {
  const rejected = join(folder, '..', 'rejected')
  const target = join(rejected, `${hash}${PICTURE}`)
  try {
    await mkdir(rejected, { recursive: true })
    await rename(join(folder, `${hash}${PICTURE}`), target)
  } catch (error) {
    throw storeError(error, target)
  }
  await rm(join(folder, `${hash}.json`), { force: true })
  return target
}
