import { readdirSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { sha256 } from '../digest.ts'
import { process } from './node-builtins.ts'
import { isAlive, machine } from './process.ts'

/**
 * The longest part of a file's own name in its temporary file's name, bytes: names longer than that
 * are hashed, so that the whole fits into 255 bytes.
 */
const MAX_NAME_BYTES = 150

/** Number of the next temporary file: unique within this process, which the name also contains. */
let serial = 0

/**
 * Returns a new path next to another one. Its name contains the writing process and its machine, so
 * that `removeStaleTemporaryFiles` recognizes what a crashed process left.
 */
export function temporaryPath(path: string): string {
  const name = basename(path)
  const prefix = Buffer.byteLength(name) > MAX_NAME_BYTES ? sha256(name) : name
  return join(dirname(path), `.${prefix}.${machineTag()}-${process.pid}-${serial++}.tmp`)
}

/** Matches names by `temporaryPath`; the machine is absent in those of older versions. */
const TEMPORARY_NAME = /^\..+\.(?:([0-9a-f]{8})-)?(\d+)-\d+\.tmp$/
const DAY = 24 * 60 * 60_000

/**
 * Removes the temporary files of processes that no longer exist. Keeps those of running processes
 * and, as processes of other machines can't be checked, those of other machines that are less than
 * a day old.
 */
export async function removeStaleTemporaryFiles({
  folders = [],
  trees = [],
}: {
  /** Folders to search, without their subfolders. Absolute. */
  folders?: readonly string[]
  /** Folders to search with their subfolders. Absolute. */
  trees?: readonly string[]
}): Promise<void> {
  const stale = [
    ...folders.flatMap((folder) => listPaths(folder, { recursive: false })),
    ...trees.flatMap((folder) => listPaths(folder, { recursive: true })),
  ].filter(isStale)
  // A temporary file that can't be removed does no harm.
  for (const path of stale) await rm(path, { recursive: true, force: true }).catch(() => {})
}

function listPaths(folder: string, { recursive }: { recursive: boolean }): string[] {
  try {
    return readdirSync(folder, { recursive, encoding: 'utf8' }).map((path) => join(folder, path))
  } catch {
    return []
  }
}

function isStale(path: string): boolean {
  const [, tag, pid] = TEMPORARY_NAME.exec(basename(path)) ?? []
  if (pid === undefined) return false
  if (tag === machineTag()) return !isAlive({ pid: Number(pid) })
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat !== undefined && Date.now() - stat.mtimeMs > DAY
}

function machineTag(): string {
  return sha256(machine()).slice(0, 8)
}
