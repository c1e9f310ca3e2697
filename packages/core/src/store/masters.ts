import { copyFile, link, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { existsSync, readFileSync } from 'node:fs'
import { sha256 } from '../digest.ts'
import { isErrno } from '../errors.ts'
import type { LockEntry } from '../lock/lock.ts'
import { masterPaths } from '../plan/plan.ts'
import { storeError, syncFolder, writeFileAtomic } from './atomic.ts'
import { moveCandidates } from './candidates.ts'
import type { ProjectPaths } from './paths.ts'

/**
 * Puts a picture in place as the master of an asset, byte for byte. Whatever stood there
 * is kept in `.limn/replaced/<asset>/` first.
 *
 * @returns the master's path relative to the root
 * @throws LimnError `store/read-only`, `store/no-space`, `store/failed`
 */
export async function placeMaster(paths: ProjectPaths, name: string, bytes: Uint8Array, extension: string): Promise<string> {
  const path = `${paths.masters}/${name}.${extension}`
  const standing = masterPaths(paths.masters, name).filter((candidate) => existsSync(join(paths.root, candidate)))
  for (const old of standing) await keepReplaced(paths, name, join(paths.root, old))
  await writeFileAtomic(join(paths.root, path), bytes)
  for (const old of standing) if (old !== path) await rm(join(paths.root, old), { force: true })
  return path
}

/** Keeps a master that is about to give way, under its digest. */
export async function keepReplaced(paths: ProjectPaths, name: string, file: string): Promise<void> {
  const folder = join(paths.replaced, name)
  const kept = join(folder, `${sha256(readFileSync(file)).slice(0, 16)}${extname(file)}`)
  try {
    await mkdir(folder, { recursive: true })
    await link(file, kept).catch(async (error: unknown) => {
      if (isErrno(error, 'EEXIST')) return
      await copyFile(file, kept)
    })
    await syncFolder(folder)
  } catch (error) {
    throw storeError(error, kept)
  }
}

/** Moves a file below the root, making the folder it goes to. */
export async function moveFile(root: string, from: string, to: string): Promise<void> {
  const target = join(root, to)
  try {
    await mkdir(dirname(target), { recursive: true })
    await rename(join(root, from), target)
    await syncFolder(dirname(target))
  } catch (error) {
    throw storeError(error, target)
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
 * Lets master, candidates and finished files follow their asset's new name. What stands in
 * the master's new place is kept in `.limn/replaced/` first. What was moved before by a run
 * that died, or is missing, is left as it is.
 *
 * @returns the entry under its new name
 */
export async function moveAsset({ paths, out, from, to, entry }: MoveOptions): Promise<LockEntry> {
  const { master } = entry
  // A source is the user's own file, and stays where it is.
  const path = entry.request.operation === 'source' ? master.path : `${paths.masters}/${to}${extname(master.path)}`
  const target = join(paths.root, path)
  if (path !== master.path && existsSync(join(paths.root, master.path))) {
    if (existsSync(target)) await keepReplaced(paths, to, target)
    await moveFile(paths.root, master.path, path)
  }
  await moveCandidates(paths, from, to)
  if (out !== null) for (const file of Object.keys(entry.outputs)) await moveFile(paths.root, `${out}/${from}/${file}`, `${out}/${to}/${file}`).catch(() => {})
  return { ...entry, master: { ...master, path } }
}
