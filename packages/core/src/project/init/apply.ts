import { dirname, join } from 'node:path'
import { sha256 } from '../../digest.ts'
import { removeEmptyFolders, removeInside } from '../../disk/project-files.ts'
import { existsInside, maxBytes, readTextInside } from '../../disk/read-inside.ts'
import { writeFileAtomic } from '../../disk/write-atomic.ts'
import { LimnError } from '../../errors.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import { ensureStateFolder } from '../../store/state-folder.ts'
import type { FileChange } from './propose.ts'
import { readRecord, type RecordedFile, writeRecord } from './record.ts'

/**
 * Writes all changes of a proposal, or none. Records them first, so that `limn init --undo` also
 * undoes what a crash left. Never overwrites a file that changed since the proposal.
 *
 * @throws LimnError `store/…`; every file is as it was before then
 */
export async function applyChanges(
  { root, state }: Pick<ProjectPaths, 'root' | 'state'>,
  changes: readonly FileChange[],
): Promise<void> {
  for (const change of changes) requireUnchanged(change)
  await ensureStateFolder(state)
  const earlier = readRecord(root, state)
  await writeRecord(root, state, mergeRecords(earlier, changes, root))
  try {
    await writeChanges(changes)
  } catch (error) {
    await writeRecord(root, state, earlier)
    throw error
  }
}

/**
 * Writes all changes, or none. Never overwrites a file that changed since the proposal.
 *
 * @throws LimnError `store/…`; every file is as it was before then
 */
export async function writeChanges(changes: readonly FileChange[]): Promise<void> {
  for (const change of changes) requireUnchanged(change)
  const written: FileChange[] = []
  try {
    for (const change of changes) {
      const { folder, path, after } = change
      await writeFileAtomic(folder, join(folder, path), after, {
        requireUnchanged: () => requireUnchanged(change),
      })
      written.push(change)
    }
  } catch (error) {
    for (const change of written.toReversed()) await restoreText(change, change.before)
    throw error
  }
}

/** Gives a file its earlier text, or removes it with the folders that have become empty. */
export async function restoreText(
  { folder, path }: Pick<FileChange, 'folder' | 'path'>,
  before: string | null,
): Promise<void> {
  const absolute = join(folder, path)
  if (before !== null) return writeFileAtomic(folder, absolute, before)
  await removeInside(folder, absolute)
  await removeEmptyFolders(folder, folder, dirname(absolute))
}

/** Returns a file's text; `null` if there is none, `undefined` if it can't be read. */
export function currentText(folder: string, path: string): string | null | undefined {
  if (!existsInside(folder, join(folder, path))) return null
  try {
    return readTextInside(folder, join(folder, path), maxBytes.text)
  } catch {
    return undefined
  }
}

function requireUnchanged({ folder, path, before }: FileChange): void {
  if (currentText(folder, path) === before) return
  throw new LimnError('store/failed', `${path} has changed in the meantime.`, {
    hint: 'Run the command again.',
  })
}

/** Keeps what a file was before the first of several runs, unless a person changed it since. */
function mergeRecords(
  earlier: readonly RecordedFile[],
  changes: readonly FileChange[],
  root: string,
): RecordedFile[] {
  const files = changes.map(({ folder, path, before, after }): RecordedFile => {
    const isInRepository = folder !== root
    const known = earlier.find(
      (file) => file.path === path && file.isInRepository === isInRepository,
    )
    const isContinued = before !== null && known?.after === sha256(before)
    return {
      path,
      isInRepository,
      before: isContinued ? known.before : before,
      after: sha256(after),
    }
  })
  const others = earlier.filter(
    (file) =>
      !files.some(
        ({ path, isInRepository }) => path === file.path && isInRepository === file.isInRepository,
      ),
  )
  return [...others, ...files]
}
