import { basename, dirname, extname, join } from 'node:path'
import { hasDigest, pictureDigest, sha256 } from '../digest.ts'
import {
  linkInside,
  makeFolder,
  removeEmptyFolders,
  removeInside,
  renameInside,
} from '../disk/project-files.ts'
import { existsInside, maxBytes, readInside, statInside } from '../disk/read-inside.ts'
import { resolveInside } from '../disk/resolve-inside.ts'
import { syncFolder } from '../disk/sync-folder.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { toWriteError } from '../disk/write-errors.ts'
import { isErrno } from '../errors.ts'
import { type LockedMaster, type LockEntry, masterPaths } from '../lock/lock.ts'
import { moveEarlierPictures } from './move-earlier.ts'
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
    .filter((candidate) => kindOf(paths.root, candidate) !== undefined)
  // A crashed run may already have written this master.
  const isWritten =
    existing.includes(target) &&
    kindOf(paths.root, target) === 'file' &&
    sha256(readInside(paths.root, target, maxBytes.picture)) === sha256(bytes)
  for (const file of existing) {
    if (!(isWritten && file === target)) await backUpFile(paths, { asset, file })
  }
  if (!isWritten) await writeFileAtomic(paths.root, target, bytes)
  for (const file of existing) {
    if (file !== target && kindOf(paths.root, file) !== 'folder') {
      await removeFile(paths.root, file)
    }
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
 * Copies a master or an output that is about to be replaced to `.limn/replaced/<asset>/`, named by
 * its digest. Does nothing if there is no file, or if a link has no target or one outside the
 * project.
 *
 * @param file absolute
 * @returns the absolute path of the copy, if there is one
 * @throws LimnError `store/read-only`, `store/no-space`, `store/failed`
 */
export async function backUpFile(
  paths: ProjectPaths,
  { asset, file }: { asset: string; file: string },
): Promise<string | undefined> {
  const folder = join(paths.replaced, asset)
  try {
    const bytes = readThrough(paths.root, file)
    if (bytes === undefined) return undefined
    const backup = join(folder, `${pictureDigest(bytes).slice(0, 16)}${extname(file)}`)
    if (existsInside(paths.root, backup)) return backup
    await makeFolder(paths.root, folder)
    // Not every disk supports hard links, and the target of a link may be on another disk.
    const isLinked =
      kindOf(paths.root, file) === 'file' &&
      (await linkInside(paths.root, file, backup).then(
        () => true,
        () => false,
      ))
    if (isLinked) await syncFolder(folder)
    else await writeFileAtomic(paths.root, backup, bytes)
    return backup
  } catch (error) {
    throw toWriteError(error, folder)
  }
}

type Move = { from: string; to: string }

/** Moves a file and creates the folders it needs. Paths are relative to the root. */
async function moveFile(root: string, { from, to }: Move): Promise<void> {
  const target = resolveInside(root, join(root, to))
  try {
    await makeFolder(root, dirname(target))
    await renameInside(root, join(root, from), target)
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
    await renameInside(
      root,
      join(root, ...newNames.slice(0, depth), old),
      join(root, ...newNames.slice(0, depth + 1)),
    ).catch(() => {})
  }
}

/**
 * Removes a file if it exists.
 *
 * @throws LimnError `store/read-only`, `store/outside`, `store/failed`
 */
export async function removeFile(root: string, path: string): Promise<void> {
  await removeInside(root, path).catch((error: unknown) => {
    throw toWriteError(error, path)
  })
}

/** Returns what exists at a path; `undefined` if nothing does. */
function kindOf(root: string, path: string): 'file' | 'link' | 'folder' | undefined {
  const stat = statInside(root, path)
  if (stat === undefined) return undefined
  if (stat.isSymbolicLink()) return 'link'
  return stat.isFile() ? 'file' : 'folder'
}

/** Reads a file, following links that stay in the root; `undefined` if there is none. */
function readThrough(root: string, path: string): Buffer | undefined {
  try {
    return readInside(root, path, maxBytes.picture)
  } catch (error) {
    const codes = ['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'EOUTSIDE', 'ENOTFILE']
    if (isErrno(error, ...codes)) return undefined
    throw error
  }
}

/**
 * Moves master, earlier pictures and output files of a renamed asset. Backs up a file at the
 * master's new path in `.limn/replaced/` first. Skips files that are missing, as a crashed run may
 * have moved them, and output files that Limn did not write.
 *
 * @param options.out the `out` folder, relative to the root; `null` if there is none
 * @param options.ownDigests as in the inventory
 * @returns the lockfile entry for the new name
 * @throws LimnError as `writeMaster`
 */
export async function moveAsset({
  paths,
  out,
  ownDigests,
  from,
  to,
  entry,
}: {
  paths: ProjectPaths
  out: string | null
  ownDigests: ReadonlyMap<string, string>
  from: string
  to: string
  entry: LockEntry
}): Promise<LockEntry> {
  const path = await moveMaster(paths, { from: entry, to })
  await moveEarlierPictures(paths, { from, to })
  if (out !== null) {
    for (const [file, output] of Object.entries(entry.outputs)) {
      const move = { from: `${out}/${from}/${file}`, to: `${out}/${to}/${file}` }
      const isOwn = isUnchangedOutput(paths.root, { path: move.from, output, ownDigests })
      if (isOwn && !isTaken(paths.root, move)) await moveFile(paths.root, move).catch(() => {})
    }
    await removeEmptyFolders(paths.root, join(paths.root, out), join(paths.root, out, from))
  }
  return { ...entry, master: { ...entry.master, path } }
}

/** Returns whether another file has the new name; on some disks, a new spelling is the same file. */
function isTaken(root: string, { from, to }: Move): boolean {
  const [source, target] = [statInside(root, from), statInside(root, to)]
  return target !== undefined && !(target.dev === source?.dev && target.ino === source.ino)
}

/**
 * Returns whether a file is the output that Limn wrote: a regular file inside the root with the
 * digest in the lockfile, or that of this machine's encoder.
 *
 * @param options.path relative to the root
 */
export function isUnchangedOutput(
  root: string,
  {
    path,
    output: { sha256: digest, recipe },
    ownDigests,
  }: {
    path: string
    output: LockEntry['outputs'][string]
    ownDigests: ReadonlyMap<string, string>
  },
): boolean {
  const bytes = readRegular(root, path)
  const own = recipe === null ? undefined : ownDigests.get(recipe)
  return (
    bytes !== undefined &&
    (hasDigest(bytes, digest) || (own !== undefined && hasDigest(bytes, own)))
  )
}

/** Returns whether a master is the picture in the lockfile. */
export function isUnchangedMaster(root: string, { path, sha256: digest }: LockedMaster): boolean {
  const bytes = readRegular(root, path)
  return bytes !== undefined && hasDigest(bytes, digest)
}

/** Reads a file that is no link; `undefined` if there is none. */
function readRegular(root: string, path: string): Buffer | undefined {
  return statInside(root, path)?.isFile() === true ? readThrough(root, path) : undefined
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
  if (existsInside(paths.root, source)) {
    if (existsInside(paths.root, target)) await backUpFile(paths, { asset: to, file: target })
    await moveFile(paths.root, { from: master.path, to: path })
  }
  await removeEmptyFolders(paths.root, join(paths.root, paths.masters), dirname(source))
  return path
}
