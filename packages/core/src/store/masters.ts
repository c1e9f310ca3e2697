import { copyFile, link, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { existsSync, readFileSync } from 'node:fs'
import { sha256 } from '../digest.ts'
import { isErrno } from '../errors.ts'
import { masterPaths } from '../plan/plan.ts'
import { storeError, syncFolder, writeFileAtomic } from './atomic.ts'
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
