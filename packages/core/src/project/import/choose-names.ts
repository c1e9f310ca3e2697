import { posix } from 'node:path'
import { sha256 } from '../../digest.ts'
import { isReserved } from '../../manifest/check/name-rules.ts'

/** Longest name and longest part of one that are chosen: below the limits of names. */
const MAX_NAME = 160
const MAX_PART_BYTES = 150

/**
 * Chooses a name for each picture: its path below the imported folder, in lower case, with `-` for
 * what a name can't have. No two are the same on any disk, nor the same as an existing name.
 *
 * @param paths relative to the imported folder
 * @param existing names of the project
 */
export function chooseNames(paths: readonly string[], existing: Iterable<string>): string[] {
  const taken = new Set<string>()
  const folders = new Map<string, string>()
  for (const name of existing) {
    taken.add(fold(name))
    for (const folder of foldersOf(name)) folders.set(fold(folder), folder)
  }
  return paths.map((path) => {
    const name = withKnownFolders(nameOf(path), folders)
    const extension = posix.extname(path).slice(1).toLowerCase()
    const choices = [name, ...(/^[a-z\d]+$/.test(extension) ? [`${name}-${extension}`] : [])]
    const free = choices.find((choice) => !taken.has(fold(choice))) ?? numbered(name, taken)
    taken.add(fold(free))
    return free
  })
}

function numbered(name: string, taken: ReadonlySet<string>): string {
  for (let number = 2; ; number++) {
    if (!taken.has(fold(`${name}-${number}`))) return `${name}-${number}`
  }
}

/** Names are the same if a disk that ignores case has one file for both. */
function fold(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

function nameOf(path: string): string {
  const parts = path.slice(0, path.length - posix.extname(path).length).split('/')
  const name = parts.map(partOf).join('/')
  // The end of a long path tells more than its start, and the digest tells two of them apart.
  return name.length <= MAX_NAME ? name : `${partOf(name.slice(-100))}-${sha256(path).slice(0, 8)}`
}

function partOf(text: string): string {
  const letters = text
    .normalize('NFC')
    .toLowerCase()
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}_-]+/gu, '-')
    .replace(/^[^\p{L}\p{N}_]+|-+$/gu, '')
  const part = letters === '' ? 'picture' : shorten(letters, text)
  return isReserved(part) ? `${part}-picture` : part
}

function shorten(part: string, text: string): string {
  if (Buffer.byteLength(part) <= MAX_PART_BYTES) return part
  let short = ''
  for (const character of part) {
    if (Buffer.byteLength(short) + Buffer.byteLength(character) > MAX_PART_BYTES - 9) break
    short += character
  }
  return `${short}-${sha256(text).slice(0, 8)}`
}

/** Writes the folders of a name as existing names do. */
function withKnownFolders(name: string, folders: ReadonlyMap<string, string>): string {
  const known = foldersOf(name).findLast((folder) => folders.has(fold(folder)))
  return known === undefined ? name : folders.get(fold(known))! + name.slice(known.length)
}

function foldersOf(name: string): string[] {
  return [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index))
}
