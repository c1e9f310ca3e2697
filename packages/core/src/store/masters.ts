import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { link, mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { sha256 } from '../digest.ts'
import { removeEmptyFolders } from '../disk/remove-empty-folders.ts'
import { resolveInside } from '../disk/resolve-inside.ts'
import { storeError, syncFolder, writeFileAtomic } from '../disk/write-atomic.ts'
import { isErrno } from '../errors.ts'
import { type LockEntry, masterPaths } from '../lock/lock.ts'
import { moveCandidates } from './candidates.ts'
import type { ProjectPaths } from './paths.ts'

/**
 * Puts a picture in place as the master of an asset, byte for byte. Whatever stood there is kept in
 * `.limn/replaced/<asset>/` first.
 *
 * @returns the master's path relative to the root
 * @throws LimnError `store/read-only`, `store/no-space`, `store/outside`, `store/failed`
 */
export async function placeMaster(
  paths: ProjectPaths,
  name: string,
  bytes: Uint8Array,
  extension: string,
): Promise<string> {
  const path = `${paths.masters}/${name}.${extension}`
  const target = resolveInside(paths.root, join(paths.root, path))
  const standing = masterPaths(paths.masters, name)
    .map((candidate) => join(dirname(target), basename(candidate)))
    .filter((candidate) => kindOf(candidate) !== undefined)
  // A run that died may have come as far as this.
  const isDone =
    standing.includes(target) &&
    kindOf(target) === 'file' &&
    sha256(readFileSync(target)) === sha256(bytes)
  for (const old of standing) if (!(isDone && old === target)) await keepReplaced(paths, name, old)
  if (!isDone) await writeFileAtomic(target, bytes)
  for (const old of standing) if (old !== target && kindOf(old) !== 'folder') await removeFile(old)
  return path
}

/**
 * Keeps a master that is about to give way, under its digest. What is no file, or a link that leads
 * nowhere, is nothing to keep.
 */
export async function keepReplaced(paths: ProjectPaths, name: string, file: string): Promise<void> {
  const folder = join(paths.replaced, name)
  try {
    const bytes = readThrough(file)
    if (bytes === undefined) return
    const kept = join(folder, `${sha256(bytes).slice(0, 16)}${extname(file)}`)
    if (existsSync(kept)) return
    await mkdir(folder, { recursive: true })
    // Not every disk has hard links, and what a link leads to may be on another.
    const isLinked =
      kindOf(file) === 'file' &&
      (await link(file, kept).then(
        () => true,
        () => false,
      ))
    if (isLinked) await syncFolder(folder)
    else await writeFileAtomic(kept, bytes)
  } catch (error) {
    throw storeError(error, folder)
  }
}

/** Moves a file below the root, making the folder it goes to. @throws LimnError as `placeMaster` */
export async function moveFile(root: string, from: string, to: string): Promise<void> {
  const target = resolveInside(root, join(root, to))
  try {
    await mkdir(dirname(target), { recursive: true })
    await rename(join(root, from), target)
    await respellFolders(root, from, to)
    for (const folder of new Set([dirname(target), dirname(join(root, from))])) {
      await syncFolder(folder)
    }
  } catch (error) {
    throw storeError(error, target)
  }
}

/**
 * Where a disk takes two spellings for one name, the folders on the way keep the old one. Elsewhere
 * the new ones have the file, and no folder takes their place.
 */
async function respellFolders(root: string, from: string, to: string): Promise<void> {
  const [old, now] = [from.split('/'), to.split('/').slice(0, -1)]
  for (const [depth, name] of now.entries()) {
    if (old[depth] === name || old[depth]?.toLowerCase() !== name.toLowerCase()) continue
    await rename(
      join(root, ...now.slice(0, depth), old[depth]),
      join(root, ...now.slice(0, depth + 1)),
    ).catch(() => {})
  }
}

/** Takes a file away, where it is there. @throws LimnError `store/read-only`, `store/failed` */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error: unknown) => {
    throw storeError(error, path)
  })
}

/** What stands at a path; `undefined` where nothing does, or a part of it is a file. */
function kindOf(path: string): 'file' | 'link' | 'folder' | undefined {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false })
    if (stat === undefined) return undefined
    return stat.isSymbolicLink() ? 'link' : stat.isFile() ? 'file' : 'folder'
  } catch (error) {
    if (isErrno(error, 'ENOTDIR')) return undefined
    throw storeError(error, path)
  }
}

/** A file's bytes, also through a link; `undefined` where there is none. */
function readThrough(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP')) return undefined
    throw error
  }
}

export type MoveOptions = {
  paths: ProjectPaths
  /** The `out` folder, relative to the root; `null` where there is none. */
  out: string | null
  from: string
  to: string
  entry: LockEntry
}

/**
 * Lets master, candidates and finished files follow their asset's new name. What stands in the
 * master's new place is kept in `.limn/replaced/` first. What was moved before by a run that died,
 * or is missing, is left as it is.
 *
 * @returns the entry under its new name
 */
export async function moveAsset({ paths, out, from, to, entry }: MoveOptions): Promise<LockEntry> {
  const { master } = entry
  // A source is the user's own file, and stays where it is.
  const path =
    entry.request.operation === 'source'
      ? master.path
      : `${paths.masters}/${to}${extname(master.path)}`
  const target = join(paths.root, path)
  if (path !== master.path && existsSync(join(paths.root, master.path))) {
    if (existsSync(target)) await keepReplaced(paths, to, target)
    await moveFile(paths.root, master.path, path)
  }
  if (path !== master.path) {
    await removeEmptyFolders(
      join(paths.root, paths.masters),
      dirname(join(paths.root, master.path)),
    )
  }
  await moveCandidates(paths, from, to)
  if (out !== null) {
    for (const file of Object.keys(entry.outputs)) {
      await moveFile(paths.root, `${out}/${from}/${file}`, `${out}/${to}/${file}`).catch(() => {})
    }
  }
  if (out !== null) await removeEmptyFolders(join(paths.root, out), join(paths.root, out, from))
  return { ...entry, master: { ...master, path } }
}
