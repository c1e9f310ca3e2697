import { randomUUID } from 'node:crypto'
import { join, relative } from 'node:path'
import { createDebug } from '../debug.ts'
import { removeInside } from '../disk/project-files.ts'
import { listInside, maxBytes, readTextInside, statInside } from '../disk/read-inside.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { isAssetName, isDigest, parseLockEntry } from '../lock/codec.ts'
import { type LockEntry, masterPaths } from '../lock/lock.ts'
import type { ProjectPaths } from './paths.ts'

/*
 * An intent records an operation that changes several files, before the first change. It is removed
 * after the last one, which is the write of the lockfile. If the process dies in between, the next
 * writer completes the operation, or drops the intent if nothing has changed yet.
 *
 * A record states only names and digests. Paths are derived from the lockfile and the manifest, so
 * that a record never leads to another file than the ones that the command would have changed.
 */

const debug = createDebug('store')

/** An operation that a writer is about to execute. */
export type Intent = InstallIntent | MoveIntent | RenameIntent | PruneIntent

/** A picture becomes the master of an asset: generated, recovered, picked or adopted. */
export type InstallIntent = {
  kind: 'install'
  asset: string
  /** Digest of the master in the lockfile before; `null` if the asset has no entry. */
  before: string | null
  entry: LockEntry
  /** The encoder version of the lockfile if it has none; `null` if the operation cuts no outputs. */
  encoder: string | null
}

/** The master of an asset moves to its new name, which the manifest has already. */
export type MoveIntent = { kind: 'move'; from: string; to: string }

/** An asset gets another name in the manifest; then its files move. */
export type RenameIntent = {
  kind: 'rename'
  from: string
  to: string
  /** Assets below the old name that keep their names. */
  kept: string[]
  files: RenamedFile[]
}

/** A manifest file that names the asset: its digest with the old name and with the new one. */
export type RenamedFile = { path: string; before: string; after: string }

/** Masters, outputs and entries of the lockfile are removed. */
export type PruneIntent = {
  kind: 'prune'
  assets: {
    asset: string
    /** Digest of the master in the lockfile. */
    before: string
    /** The entry without the removed outputs; `null` if the whole entry is removed. */
    entry: LockEntry | null
  }[]
}

type StatePaths = Pick<ProjectPaths, 'root' | 'state' | 'lock' | 'masters'>

/**
 * Records an operation before its first change.
 *
 * @param options.synced `false` if another synced record covers a power failure. Default: `true`
 * @returns the id of the record
 * @throws LimnError `store/read-only`, `store/no-space`, `store/failed`
 */
export async function writeIntent(
  paths: StatePaths,
  intent: Intent,
  { synced = true }: { synced?: boolean } = {},
): Promise<string> {
  const id = `${Date.now()}-${randomUUID()}`
  const text = JSON.stringify({ version: 1, lock: lockOf(paths), ...intent })
  await writeFileAtomic(paths.root, fileOf(paths, id), text, { synced })
  debug('intent %s: %s', id, intent.kind)
  return id
}

/** Removes the record of an operation that is complete. It may stay: it then changes nothing. */
export async function removeIntent(paths: StatePaths, id: string): Promise<void> {
  await removeInside(paths.root, fileOf(paths, id)).catch(() => {})
}

/** Records an operation, executes it and removes the record. If `work` throws, the record stays. */
export async function withIntent<T>(
  paths: StatePaths,
  intent: Intent,
  work: () => Promise<T>,
): Promise<T> {
  const id = await writeIntent(paths, intent)
  const result = await work()
  await removeIntent(paths, id)
  return result
}

/** A record of an interrupted operation; `null` if it is damaged: nothing was changed then. */
export type RecordedIntent = { id: string; intent: Intent | null }

/**
 * Reads the operations that were interrupted, the oldest first. Skips records of another lockfile
 * and of other versions of Limn.
 */
export function readIntents(paths: StatePaths): RecordedIntent[] {
  return listIds(paths).flatMap((id) => {
    const intent = readIntent(paths, id)
    return intent === undefined ? [] : [{ id, intent }]
  })
}

function listIds(paths: StatePaths): string[] {
  try {
    return listInside(paths.root, folderOf(paths))
      .map(({ name }) => name)
      .filter((name) => RECORD_NAME.test(name))
      .map((name) => name.slice(0, -'.json'.length))
      .sort()
  } catch {
    return []
  }
}

const RECORD_NAME = /^\d+-[0-9a-f-]{36}\.json$/

/** Reads a record. @returns `null` if it is damaged; `undefined` if it is not for this writer */
function readIntent(paths: StatePaths, id: string): Intent | null | undefined {
  const file = fileOf(paths, id)
  if (statInside(paths.root, file)?.isFile() !== true) return undefined
  const record = readRecord(paths.root, file)
  if (record === null) return null
  const { version, lock } = record
  return version === 1 && lock === lockOf(paths) ? (parseIntent(record, paths) ?? null) : undefined
}

/** Reads the fields of a record; `null` if a power failure tore it before it was complete. */
function readRecord(root: string, file: string): Fields | null {
  try {
    const record: unknown = JSON.parse(readTextInside(root, file, maxBytes.data))
    return typeof record === 'object' && record !== null ? (record as Fields) : null
  } catch (error) {
    // An unreadable file may be complete.
    return error instanceof SyntaxError ? null : { version: undefined }
  }
}

type Fields = Record<string, unknown>

/** Parses a record; `undefined` if a field is missing or invalid. */
function parseIntent(record: Fields, paths: StatePaths): Intent | undefined {
  const { kind, from, to, files, assets, kept = [] } = record
  switch (kind) {
    case 'install':
      return parseInstall(record, paths)
    case 'move':
      return isAssetName(from) && isAssetName(to) ? { kind, from, to } : undefined
    case 'rename':
      return isAssetName(from) &&
        isAssetName(to) &&
        Array.isArray(kept) &&
        kept.every(isAssetName) &&
        Array.isArray(files) &&
        files.every(isFile)
        ? { kind, from, to, kept, files }
        : undefined
    case 'prune':
      return Array.isArray(assets) && assets.every((asset) => isPruned(asset, paths))
        ? { kind, assets }
        : undefined
    default:
      return undefined
  }
}

function parseInstall(
  { asset, before, entry: value, encoder }: Fields,
  { masters }: StatePaths,
): InstallIntent | undefined {
  if (!isAssetName(asset) || !(before === null || isDigest(before))) return undefined
  if (!(encoder === null || typeof encoder === 'string')) return undefined
  const entry = parseLockEntry(asset, value, masters)
  return entry !== undefined && masterPaths(masters, asset).includes(entry.master.path)
    ? { kind: 'install', asset, before, entry, encoder }
    : undefined
}

function isFile(file: Fields | null): boolean {
  if (file === null) return false
  const { path, before, after } = file
  return typeof path === 'string' && isDigest(before) && isDigest(after)
}

function isPruned(pruned: Fields | null, { masters }: StatePaths): boolean {
  if (pruned === null) return false
  const { asset, before, entry } = pruned
  return (
    isAssetName(asset) &&
    isDigest(before) &&
    (entry === null || parseLockEntry(asset, entry, masters) !== undefined)
  )
}

/** Identifies the lockfile that an operation changes: several manifests share `.limn`. */
function lockOf({ root, lock }: StatePaths): string {
  return relative(root, lock).replaceAll('\\', '/')
}

function folderOf({ state }: StatePaths): string {
  return join(state, 'intents')
}

function fileOf(paths: StatePaths, id: string): string {
  return join(folderOf(paths), `${id}.json`)
}
