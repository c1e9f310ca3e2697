import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fs } from './node-builtins.ts'
import { listInside, statInside } from './read-inside.ts'

/*
 * A private folder outside the project, in which a program of somebody else works for a moment.
 */

/** What is in a folder and below it. */
type FolderSize = { files: number; bytes: number }

/** A temporary folder that only the user can enter. */
export type WorkFolder = {
  /** Absolute, without links. */
  path: string
  /** Creates a folder in it. @returns its absolute path */
  makeFolder(name: string): string
  /** Writes a new file. @param name relative to the folder @returns its absolute path */
  write(name: string, bytes: Uint8Array): string
  /** Removes the folder with everything in it. Ignores what another process still holds. */
  remove(): Promise<void>
}

/** Creates a temporary folder whose name starts with `prefix`. @throws the system's errors */
export function createWorkFolder(prefix: string): WorkFolder {
  const path = mkdtempSync(join(fs.realpathSync.native(tmpdir()), prefix))
  return {
    path,
    makeFolder(name) {
      mkdirSync(join(path, name))
      return join(path, name)
    },
    write(name, bytes) {
      writeFileSync(join(path, name), bytes, { flag: 'wx', mode: 0o600 })
      return join(path, name)
    },
    async remove() {
      await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => {})
    },
  }
}

/**
 * Measures a folder inside a root, and stops as soon as it has more files than `maxFiles`, folders
 * included. Follows no links out of the root. What disappears meanwhile does not count.
 *
 * @param folder absolute
 */
export function measureFolder(root: string, folder: string, maxFiles: number): FolderSize {
  const size: FolderSize = { files: 0, bytes: 0 }
  const folders = [folder]
  for (const each of folders) {
    for (const entry of list(root, each)) {
      size.files += 1
      if (size.files > maxFiles) return size
      const path = join(each, entry.name)
      if (entry.isDirectory()) folders.push(path)
      else size.bytes += statInside(root, path)?.size ?? 0
    }
  }
  return size
}

function list(root: string, folder: string): ReturnType<typeof listInside> {
  try {
    return listInside(root, folder)
  } catch {
    return []
  }
}
