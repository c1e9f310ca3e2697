import { join } from 'node:path'
import { writeFileAtomic } from '../../disk/write-atomic.ts'
import { requestHashOf } from '../../identity/request.ts'
import { journalFile, listJournalKeys, reserveKey } from '../../store/journal.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import { listLinkKeys } from '../../store/pending-links.ts'
import { listKept, readKept } from './kept-files.ts'

/** From where, and to where. */
export type Way = { from: ProjectPaths; to: ProjectPaths }

const PICTURE = /^[0-9a-f]{64}(?:\+\d{1,6})?\.picture$/
const LINKS = /^[0-9a-f]{64}(?:\+\d{1,6})?\.links$/

/**
 * Copies the pictures in the journal, and links whose pictures are not fetched yet. What differs
 * from that of the same request in the project gets a key of its own, so that nothing is lost.
 *
 * @returns the number of pictures that were copied
 * @throws LimnError `store/…`
 */
export async function copyJournal(way: Way): Promise<number> {
  await copyLinks(way)
  return copyPictures(way)
}

async function copyPictures({ from, to }: Way): Promise<number> {
  const known = groupKeys(listJournalKeys(to.journal))
  let copied = 0
  for (const { path, read } of listKept(from.root, from.journal, PICTURE)) {
    const picture = read()
    const record = readKept(from.root, join(from.journal, path.replace(/picture$/, 'json')))
    if (picture === undefined) continue
    const { keys, hash } = keysOf(path, known)
    const isKnown = [...keys].some(
      (key) => readKept(to.root, join(to.journal, journalFile(key)))?.equals(picture) === true,
    )
    if (isKnown) continue
    const target = join(to.journal, reserveKey(keys, hash))
    // The record first, so that no picture is ever without one, unless the part has lost it: the
    // picture is paid for all the same.
    if (record !== undefined) await writeFileAtomic(to.root, `${target}.json`, record)
    await writeFileAtomic(to.root, `${target}.picture`, picture)
    copied++
  }
  return copied
}

async function copyLinks({ from, to }: Way): Promise<void> {
  const known = groupKeys(listLinkKeys(to.journal))
  for (const { path, read } of listKept(from.root, from.journal, LINKS)) {
    const links = read()
    if (links === undefined) continue
    const { keys, hash } = keysOf(path, known)
    const isKnown = [...keys].some(
      (key) => readKept(to.root, join(to.journal, `${key}.links`))?.equals(links) === true,
    )
    if (isKnown) continue
    await writeFileAtomic(to.root, join(to.journal, `${reserveKey(keys, hash)}.links`), links)
  }
}

type Keys = Map<string, Set<string>>

/** Groups keys by request hash. */
function groupKeys(keys: readonly string[]): Keys {
  const keysByHash: Keys = new Map()
  for (const key of keys) {
    const hash = requestHashOf(key)
    keysByHash.set(hash, (keysByHash.get(hash) ?? new Set()).add(key))
  }
  return keysByHash
}

/** Returns the keys that the project has for the request of a file. */
function keysOf(path: string, known: Keys): { keys: Set<string>; hash: string } {
  const hash = requestHashOf(path.slice(0, path.lastIndexOf('.')))
  const keys = known.get(hash) ?? new Set<string>()
  known.set(hash, keys)
  return { keys, hash }
}
