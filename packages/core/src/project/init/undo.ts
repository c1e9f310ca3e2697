import { existsSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { sha256 } from '../../digest.ts'
import {
  makeFolder,
  removeEmptyFolders,
  removeInside,
  removeTree,
  renameInside,
} from '../../disk/project-files.ts'
import { existsInside, namesInside } from '../../disk/read-inside.ts'
import { LimnError } from '../../errors.ts'
import { readLock } from '../../lock/file.ts'
import { isUnchangedMaster } from '../../store/masters.ts'
import { type ProjectPaths, projectPaths } from '../../store/paths.ts'
import { runAsSingleWriter } from '../../store/single-writer.ts'
import { HEADER } from '../types-file/render-types.ts'
import { currentText, restoreText } from './apply.ts'
import { readText } from './detect.ts'
import { readRecord, recordPath, writeRecord, type RecordedFile } from './record.ts'

type UndoneFile = { folder: string; path: string; before: string; after: string | null }

/** What `limn init --undo` would do. Nothing is written before `apply`. */
export type Undo = {
  /** Files that get their earlier text or are removed: `before` is the text now. */
  files: readonly UndoneFile[]
  /** Files that changed since, which stay as they are; `isNew` if `limn init` created them. */
  kept: readonly { path: string; isNew: boolean }[]
  /** Files that Limn generated since, which move to `.limn/removed/`. */
  moved: readonly string[]
  /** Undoes it. @throws LimnError `store/…` */
  apply(signal: AbortSignal): Promise<void>
}

/** Reads what `limn init` recorded, and finds what of it can be undone. */
export function prepareUndo({
  cwd,
  manifest,
}: {
  cwd: string
  manifest: string | undefined
}): Undo {
  const paths = projectPaths(cwd, manifest)
  const { root, state } = paths
  const record = readRecord(root, state)
  const repository = findRepository(root)
  const files: UndoneFile[] = []
  const kept: RecordedFile[] = []
  for (const entry of record) {
    const folder = entry.isInRepository ? repository : root
    const now = folder === undefined ? undefined : currentText(folder, entry.path)
    if (now === entry.before) continue
    if (folder !== undefined && typeof now === 'string' && sha256(now) === entry.after) {
      files.push({ folder, path: entry.path, before: now, after: entry.before })
    } else kept.push(entry)
  }
  const isRemoved = files.some(({ path, after }) => path === paths.shownManifest && after === null)
  const moved = isRemoved ? generatedFiles(paths) : []
  return {
    files,
    kept: kept.map(({ path, before }) => ({ path, isNew: before === null })),
    moved,
    async apply(signal) {
      await runAsSingleWriter({ paths, signal }, () => undo(paths, { files, kept, moved }))
      if (isRemoved) await tidy(paths)
    },
  }
}

function findRepository(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder
  return dirname(folder) === folder ? undefined : findRepository(dirname(folder))
}

/** Lists the lockfile and the masters that it describes, relative to the root, and the types. */
function generatedFiles(paths: ProjectPaths): string[] {
  const { root, lock } = paths
  const types = ['limn.d.ts', 'src/limn.d.ts', 'app/limn.d.ts'].filter(
    (path) => readText(root, path)?.startsWith(HEADER) === true,
  )
  if (!existsInside(root, lock)) return types
  const masters = [...readLock(lock).assets.values()]
    .map(({ master }) => master)
    .filter((master) => isUnchangedMaster(root, master))
    .map(({ path }) => path)
  return [...masters, lock.slice(root.length + 1).replaceAll(sep, '/'), ...types]
}

async function undo(
  { root, state, masters }: ProjectPaths,
  {
    files,
    kept,
    moved,
  }: { files: readonly UndoneFile[]; kept: readonly RecordedFile[]; moved: readonly string[] },
): Promise<void> {
  requireUnchanged(files)
  // A picture may have been paid for: it is moved, never deleted.
  const shelf = join(state, 'removed', freeName(root, join(state, 'removed')))
  for (const path of moved) {
    await makeFolder(root, dirname(join(shelf, path)))
    await renameInside(root, join(root, path), join(shelf, path))
    await removeEmptyFolders(root, root, dirname(join(root, path)))
  }
  await removeEmptyFolders(root, root, join(root, masters))
  for (const { folder, path, after } of files) await restoreText({ folder, path }, after)
  if (kept.length > 0) await writeRecord(root, state, kept)
  else await removeInside(root, recordPath(state))
}

function requireUnchanged(files: readonly UndoneFile[]): void {
  const changed = files.find(({ folder, path, before }) => currentText(folder, path) !== before)
  if (changed === undefined) return
  throw new LimnError(
    'store/failed',
    `${changed.path} has changed while \`limn init\` was waiting.`,
    { hint: 'Run `limn init --undo` again.' },
  )
}

function freeName(root: string, folder: string): string {
  return String(namesInside(root, folder).length + 1)
}

/** What `.limn` contains if no picture was ever received. */
const EMPTY_STATE = new Set(['.gitignore', 'writer.token', 'init.json'])

/** Removes the cache, and `.limn` if nothing in it could be of use. */
async function tidy({ root, state, cache }: ProjectPaths): Promise<void> {
  await removeTree(root, cache)
  await removeEmptyFolders(root, root, dirname(cache))
  if (!namesInside(root, state).every((name) => EMPTY_STATE.has(name))) return
  await removeTree(root, state)
}
