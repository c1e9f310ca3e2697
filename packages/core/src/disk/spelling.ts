import { basename, dirname, join } from 'node:path'
import { fs } from './node-builtins.ts'

/*
 * `é` is one character or two (NFC, NFD). Manifest and lockfile have the first form; archives and
 * repositories from a Mac may create files with the second. Most disks take them for two names.
 */

/**
 * Returns a path as it is spelled on the disk: each part that is missing, but exists in another
 * Unicode form, in that form.
 *
 * @param path absolute
 */
export function spell(path: string): string {
  const parent = dirname(path)
  if (isAscii(path) || parent === path || exists(path)) return path
  const folder = spell(parent)
  return join(folder, spellIn(folder, basename(path)))
}

function spellIn(folder: string, name: string): string {
  if (isAscii(name) || exists(join(folder, name))) return name
  const wanted = name.normalize('NFC')
  return readNames(folder).find((each) => each.normalize('NFC') === wanted) ?? name
}

function readNames(folder: string): string[] {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}

function exists(path: string): boolean {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    return false
  }
}

/** Returns whether a text has one form only. */
export function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text)
}
