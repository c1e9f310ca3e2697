import { lstatSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { sha256 } from '../digest.ts'
import { process } from './node-builtins.ts'
import { realPathInside } from './open-inside.ts'
import { isAlive, machine } from './process.ts'
import { removeTree } from './project-files.ts'

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
 * a day old. Follows no links that lead out of the root.
 */
export async function removeStaleTemporaryFiles({
  root,
  folders = [],
  trees = [],
}: {
  /** The folder that everything must stay in. Absolute. */
  root: string
  /** Folders to search, without their subfolders. Absolute. */
  folders?: readonly string[]
  /** Folders to search with their subfolders. Absolute. */
  trees?: readonly string[]
}): Promise<void> {
  const stale = [
    ...folders.flatMap((folder) => listPaths(root, folder, { recursive: false })),
    ...trees.flatMap((folder) => listPaths(root, folder, { recursive: true })),
  ].filter(isStale)
  // A temporary file that can't be removed does no harm.
  for (const path of stale) await removeTree(root, path).catch(() => {})
}

function listPaths(root: string, folder: string, { recursive }: { recursive: boolean }): string[] {
  try {
    // With entries, Node does not enter folders that are links.
    return readdirSync(realPathInside(root, folder), { recursive, withFileTypes: true }).map(
      ({ parentPath, name }) => join(parentPath, name),
    )
  } catch {
    return []
  }
}

function isStale(path: string): boolean {
  const [, tag, pid] = TEMPORARY_NAME.exec(basename(path)) ?? []
  if (pid === undefined) return false
  if (tag === machineTag()) return !isAlive({ pid: Number(pid) })
  const stat = lstatSync(path, { throwIfNoEntry: false })
  return stat !== undefined && Date.now() - stat.mtimeMs > DAY
}

function machineTag(): string {
  return sha256(machine()).slice(0, 8)
}
