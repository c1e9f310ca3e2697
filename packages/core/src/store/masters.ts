import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { link, mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { sha256 } from '../digest.ts'
import { removeEmptyFolders } from '../disk/remove-empty-folders.ts'
import { resolveInside } from '../disk/resolve-inside.ts'
import { syncFolder } from '../disk/sync-folder.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { toWriteError } from '../disk/write-errors.ts'
import { isErrno } from '../errors.ts'
import { type LockEntry, masterPaths } from '../lock/lock.ts'
import { moveCandidates } from './candidates.ts'
import type { ProjectPaths } from './paths.ts'

/**
 * Writes a picture as the master of an asset, byte for byte. Backs up existing masters of the asset
 * in `.limn/replaced/<asset>/` first, and then removes those with another extension.
 *
 * @returns the master's path relative to the root
 * @throws LimnError `store/read-only`, `store/no-space`, `store/outside`, `store/failed`
 */
export async function writeMaster(
  paths: ProjectPaths,
  {
    asset,
    bytes,
    extension,
  }: {
    asset: string
    bytes: Uint8Array
    /** Without the dot. */
    extension: string
  },
): Promise<string> {
  const path = masterPath(paths, { asset, extension })
  const target = resolveInside(paths.root, join(paths.root, path))
  const existing = masterPaths(paths.masters, asset)
    .map((candidate) => join(dirname(target), basename(candidate)))
    .filter((candidate) => kindOf(candidate) !== undefined)
  // A crashed run may already have written this master.
  const isWritten =
    existing.includes(target) &&
    kindOf(target) === 'file' &&
    sha256(readFileSync(target)) === sha256(bytes)
  for (const file of existing) {
    if (!(isWritten && file === target)) await backUpMaster(paths, { asset, file })
  }
  if (!isWritten) await writeFileAtomic(target, bytes)
  for (const file of existing) {
    if (file !== target && kindOf(file) !== 'folder') await removeFile(file)
  }
  return path
}

/** Returns the path of a master, relative to the root. `extension` is without the dot. */
export function masterPath(
  { masters }: Pick<ProjectPaths, 'masters'>,
  { asset, extension }: { asset: string; extension: string },
): string {
  return `${masters}/${asset}.${extension}`
}

/**
 * Copies a master that is about to be replaced to `.limn/replaced/<asset>/`, named by its digest.
 * Does nothing if there is no file, or if a link has no target.
 *
 * @param file absolute
 * @throws LimnError `store/read-only`, `store/no-space`, `store/failed`
 */
export async function backUpMaster(
  paths: ProjectPaths,
  { asset, file }: { asset: string; file: string },
): Promise<void> {
  const folder = join(paths.replaced, asset)
  try {
    const bytes = readThrough(file)
    if (bytes === undefined) return
    const backup = join(folder, `${sha256(bytes).slice(0, 16)}${extname(file)}`)
    if (existsSync(backup)) return
    await mkdir(folder, { recursive: true })
    // Not every disk supports hard links, and the target of a link may be on another disk.
    const isLinked =
      kindOf(file) === 'file' &&
      (await link(file, backup).then(
        () => true,
        () => false,
      ))
    if (isLinked) await syncFolder(folder)
    else await writeFileAtomic(backup, bytes)
  } catch (error) {
    throw toWriteError(error, folder)
  }
}

type Move = { from: string; to: string }

/** Moves a file and creates the folders it needs. Paths are relative to the root. */
async function moveFile(root: string, { from, to }: Move): Promise<void> {
  const target = resolveInside(root, join(root, to))
  try {
    await mkdir(dirname(target), { recursive: true })
    await rename(join(root, from), target)
    await respellFolders(root, { from, to })
    for (const folder of new Set([dirname(target), dirname(join(root, from))])) {
      await syncFolder(folder)
    }
  } catch (error) {
    throw toWriteError(error, target)
  }
}

/**
 * Renames the folders of a moved file whose new name differs only in case. A case-insensitive disk
 * keeps the old spelling; on other disks the new folders already exist, and these renames fail.
 */
async function respellFolders(root: string, { from, to }: Move): Promise<void> {
  const oldNames = from.split('/')
  const newNames = to.split('/').slice(0, -1)
  for (const [depth, name] of newNames.entries()) {
    const old = oldNames[depth]
    if (old === name || old?.toLowerCase() !== name.toLowerCase()) continue
    await rename(
      join(root, ...newNames.slice(0, depth), old),
      join(root, ...newNames.slice(0, depth + 1)),
    ).catch(() => {})
  }
}

/** Removes a file if it exists. @throws LimnError `store/read-only`, `store/failed` */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error: unknown) => {
    throw toWriteError(error, path)
  })
}

/** Returns what exists at a path; `undefined` if nothing does, or a part of the path is a file. */
function kindOf(path: string): 'file' | 'link' | 'folder' | undefined {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false })
    if (stat === undefined) return undefined
    if (stat.isSymbolicLink()) return 'link'
    return stat.isFile() ? 'file' : 'folder'
  } catch (error) {
    if (isErrno(error, 'ENOTDIR')) return undefined
    throw toWriteError(error, path)
  }
}

/** Reads a file, following links; `undefined` if there is none. */
function readThrough(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP')) return undefined
    throw error
  }
}

/**
 * Moves master, candidates and output files of a renamed asset. Backs up a file at the master's new
 * path in `.limn/replaced/` first. Skips files that are missing, as a crashed run may have moved
 * them.
 *
 * @param options.out the `out` folder, relative to the root; `null` if there is none
 * @returns the lockfile entry for the new name
 * @throws LimnError as `writeMaster`
 */
export async function moveAsset({
  paths,
  out,
  from,
  to,
  entry,
}: {
  paths: ProjectPaths
  out: string | null
  from: string
  to: string
  entry: LockEntry
}): Promise<LockEntry> {
  const path = await moveMaster(paths, { from: entry, to })
  await moveCandidates(paths, { from, to })
  if (out !== null) {
    for (const file of Object.keys(entry.outputs)) {
      const move = { from: `${out}/${from}/${file}`, to: `${out}/${to}/${file}` }
      await moveFile(paths.root, move).catch(() => {})
    }
    await removeEmptyFolders(join(paths.root, out), join(paths.root, out, from))
  }
  return { ...entry, master: { ...entry.master, path } }
}

/** Moves the master of an asset to its new name. @returns its path, relative to the root */
async function moveMaster(
  paths: ProjectPaths,
  { from: { request, master }, to }: { from: LockEntry; to: string },
): Promise<string> {
  // A source is the user's own file, which Limn does not move.
  if (request.operation === 'source') return master.path
  const path = `${paths.masters}/${to}${extname(master.path)}`
  if (path === master.path) return path
  const [source, target] = [join(paths.root, master.path), join(paths.root, path)]
  if (existsSync(source)) {
    if (existsSync(target)) await backUpMaster(paths, { asset: to, file: target })
    await moveFile(paths.root, { from: master.path, to: path })
  }
  await removeEmptyFolders(join(paths.root, paths.masters), dirname(source))
  return path
}
