import type { Dirent } from 'node:fs'
import { join } from 'node:path'
import { count } from '../../count.ts'
import { describeReadError } from '../../disk/read-errors.ts'
import { listInside, maxBytes, readInside } from '../../disk/read-inside.ts'
import { isPicture } from '../http/picture-bytes.ts'

/** Most pictures that a program may write for one request. */
const MAX_PICTURES = 16
/** Endings of the files that are pictures. Every other file in the folder is ignored. */
const PICTURE_FILE = /\.(png|jpe?g|webp|gif|svg|avif|tiff?|jxl)$/i

/** What a folder holds: pictures, or why there are none, as a sentence without its period. */
export type FoundPictures = { images: Buffer[] } | { problem: string }

/**
 * Reads the pictures that a program wrote: the files of its folder with the ending of a picture, by
 * name. Follows no link, and does not enter folders.
 *
 * @param root the folder that everything must stay in, absolute
 * @param folder below `root`, absolute
 */
export function readPictures(root: string, folder: string): FoundPictures {
  let entries: Dirent[]
  try {
    entries = listInside(root, folder)
  } catch {
    return { problem: 'The program removed the folder for its pictures' }
  }
  const named = entries
    .filter(({ name }) => PICTURE_FILE.test(name) && !name.startsWith('.'))
    .sort((a, b) => byName.compare(a.name, b.name))
  if (named.length === 0) return { problem: explainEmpty(entries.map(({ name }) => name)) }
  if (named.length > MAX_PICTURES) {
    return {
      problem: `The program wrote ${named.length} pictures, and the limit is ${MAX_PICTURES}`,
    }
  }
  const images: Buffer[] = []
  for (const entry of named) {
    const read = readPicture(root, join(folder, entry.name), entry)
    if ('problem' in read) return read
    images.push(read.bytes)
  }
  return { images }
}

function readPicture(
  root: string,
  path: string,
  entry: Dirent,
): { bytes: Buffer } | { problem: string } {
  const { name } = entry
  if (!entry.isFile()) {
    return { problem: `The program left ${name}, which is a ${kindOf(entry)} and not a file` }
  }
  try {
    const bytes = readInside(root, path, maxBytes.picture)
    return isPicture(bytes)
      ? { bytes }
      : { problem: `The program wrote ${name}, which is not a picture` }
  } catch (error) {
    return { problem: `The program wrote ${name}, but ${describeReadError(error)}` }
  }
}

/** Sorts `10.png` after `9.png`. */
const byName = new Intl.Collator('en', { numeric: true })

function explainEmpty(names: readonly string[]): string {
  if (names.length === 0) return 'The program ended without writing a picture'
  const found = count(names.length, 'other file')
  return `The program ended without writing a picture, but ${found}: ${names.slice(0, 3).join(', ')}`
}

function kindOf(entry: Dirent): string {
  if (entry.isSymbolicLink()) return 'link'
  return entry.isDirectory() ? 'folder' : 'device'
}
