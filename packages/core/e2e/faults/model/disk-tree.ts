import type fs from 'node:fs'

/*
 * The files and folders of a disk in memory: their content, and what of it was synced.
 */

/** Content of a file. `synced` is `undefined` until the first sync. */
export type File = {
  kind: 'file'
  id: number
  bytes: Buffer
  synced: Buffer | undefined
  mtimeMs: number
}
export type Folder = {
  kind: 'folder'
  id: number
  entries: Entries
  synced: Entries
  mtimeMs: number
}
export type Entry = File | Folder
export type Entries = Map<string, Entry>

/** The files of a disk by absolute path; a folder has `null`. */
export type DiskState = ReadonlyMap<string, Buffer | null>

let lastTime = 0

/** Returns a time that differs from all earlier ones, ms. */
export function now(): number {
  lastTime = Math.max(Date.now(), lastTime + 0.01)
  return lastTime
}

export function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code, path, syscall: 'rename' })
}

export function statsOf({ kind, id, mtimeMs, ...entry }: Entry): fs.Stats {
  return {
    size: 'bytes' in entry ? entry.bytes.length : 0,
    ino: id,
    dev: 1,
    uid: process.geteuid?.() ?? 0,
    mtimeMs,
    ctimeMs: mtimeMs,
    isFile: () => kind === 'file',
    isDirectory: () => kind === 'folder',
    isSymbolicLink: () => false,
  } as fs.Stats
}

export function direntOf(parentPath: string, name: string, { kind }: Entry): fs.Dirent {
  return {
    name,
    parentPath,
    isFile: () => kind === 'file',
    isDirectory: () => kind === 'folder',
    isSymbolicLink: () => false,
  } as fs.Dirent
}

/** Copies the folders of a tree; the files stay the same, so that they can be synced later. */
export function cloneTree(entries: Entries): Entries {
  return new Map(
    [...entries].map(([name, entry]) => [
      name,
      entry.kind === 'file' ? entry : { ...entry, entries: cloneTree(entry.entries) },
    ]),
  )
}

export function syncedTree({ synced }: Folder): Entries {
  return new Map(
    [...synced].map(([name, entry]) => [
      name,
      entry.kind === 'file' ? entry : { ...entry, entries: syncedTree(entry) },
    ]),
  )
}

export function syncAll(entry: Entry): void {
  if (entry.kind === 'file') entry.synced = entry.bytes
  else {
    entry.synced = new Map(entry.entries)
    for (const child of entry.entries.values()) syncAll(child)
  }
}

export function stateOf(
  entries: Entries,
  folder: string,
  contentOf: (file: File) => Buffer,
): Map<string, Buffer | null> {
  return new Map(
    [...entries].flatMap(([name, entry]): [string, Buffer | null][] => {
      const path = `${folder}/${name}`
      return entry.kind === 'file'
        ? [[path, contentOf(entry)]]
        : [[path, null], ...stateOf(entry.entries, path, contentOf)]
    }),
  )
}
