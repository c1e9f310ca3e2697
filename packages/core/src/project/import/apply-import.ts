import { join } from 'node:path'
import { digestsOf } from '../../digest.ts'
import { existsInside, maxBytes, readTextInside } from '../../disk/read-inside.ts'
import { writeFileAtomic } from '../../disk/write-atomic.ts'
import { LimnError } from '../../errors.ts'
import { writeLock } from '../../lock/file.ts'
import { type LockEntry, withEntries } from '../../lock/lock.ts'
import type { NewEntry } from '../../manifest/edit/add-asset.ts'
import type { Asset } from '../../manifest/manifest.ts'
import { currentRequest } from '../../plan/current-request.ts'
import { masterPath, writeMaster } from '../../store/masters.ts'
import { recordUnsent } from '../../store/unsent.ts'
import type { ProjectContext } from '../context.ts'
import { readManualMaster } from '../manual-master.ts'
import { planInputs } from '../plan-inputs.ts'
import { runAsWriter } from '../run-as-writer.ts'
import type { FullSnapshot } from '../snapshot.ts'
import type { ImportKind } from './describe-picture.ts'
import type { FoundPicture, UnusableFile } from './read-pictures.ts'

/** A picture with the entry that it gets in the manifest. */
export type PlannedEntry = { picture: FoundPicture; name: string; entry: NewEntry }

type PlannedImport = {
  planned: readonly PlannedEntry[]
  kind: ImportKind
  /** Text of the manifest as it was shown; `null` if there is none. */
  before: string | null
  /** Returns that text with some of the entries. */
  write: (entries: readonly NewEntry[]) => string
  signal: AbortSignal | undefined
}

/**
 * Writes an import as the single writer. The masters and the lockfile come first: an asset that is
 * in the manifest without its master would be paid for.
 *
 * @returns the pictures that could not be read as masters; they are left out
 */
export async function applyImport(
  context: ProjectContext,
  { planned, kind, before, write, signal }: PlannedImport,
): Promise<readonly UnusableFile[]> {
  if (planned.length === 0) return []
  const { root, manifest, shownManifest } = context.paths
  return runAsWriter(context, { signal }, async () => {
    const requireUnchanged = (): void => {
      const isThere = existsInside(root, manifest)
      if ((isThere ? readTextInside(root, manifest, maxBytes.text) : null) === before) return
      throw new LimnError('manifest/changed', `${shownManifest} has changed in the meantime.`, {
        hint: 'Run `limn import` again.',
      })
    }
    requireUnchanged()
    const after = write(planned.map(({ entry }) => entry))
    // Reports a mistake before anything is written.
    const snapshot = await context.read(new Map([[shownManifest, withoutMark(after)]]))
    const failed =
      kind === 'masters' ? await writeMasters(context, { planned, snapshot, signal }) : []
    const left = new Set(failed.map(({ path }) => path))
    const entries = planned.filter(({ picture }) => !left.has(picture.path))
    if (entries.length > 0) {
      const text = left.size === 0 ? after : write(entries.map(({ entry }) => entry))
      await writeFileAtomic(root, manifest, text, { requireUnchanged })
    }
    return failed
  })
}

/** Copies pictures to where masters are, one at a time, then writes the lockfile once. */
async function writeMasters(
  context: ProjectContext,
  {
    planned,
    snapshot,
    signal,
  }: Pick<PlannedImport, 'planned' | 'signal'> & { snapshot: FullSnapshot },
): Promise<UnusableFile[]> {
  const { paths } = context
  const inputs = planInputs(snapshot)
  const assets = new Map(snapshot.manifest.assets.map((asset) => [asset.name, asset]))
  const entries: [string, LockEntry][] = []
  const failed: UnusableFile[] = []
  for (const { name, picture } of planned) {
    signal?.throwIfAborted()
    try {
      // oxlint-disable-next-line no-await-in-loop -- one picture is in the memory at a time
      entries.push([name, await copyMaster(assets.get(name)!, picture)])
    } catch (error) {
      if (!(error instanceof LimnError) || error.code !== 'picture/unreadable') throw error
      failed.push({ path: picture.path, reason: error.message.replace(/\.$/, '') })
    }
  }
  snapshot.digests.save()
  const { masters: mastersFolder } = paths
  await writeLock(paths.lock, withEntries(snapshot.lock, entries), { mastersFolder })
  return failed

  async function copyMaster(asset: Asset, { path: from }: FoundPicture): Promise<LockEntry> {
    const { root } = paths
    const file = join(root, from)
    const { bytes, extension, facts } = await readManualMaster({ file, shownPath: from, root })
    const path = masterPath(paths, { asset: asset.name, extension })
    if (snapshot.manifest.masters === 'remote') await recordUnsent(paths, facts.sha256)
    await writeMaster(paths, { asset: asset.name, bytes, extension })
    snapshot.digests.record(path, digestsOf(bytes))
    return {
      request: currentRequest(asset, inputs),
      master: { path, ...facts, state: 'adopted' },
      made: { provider: 'adopted', at: new Date().toISOString() },
      outputs: {},
    }
  }
}

/** Returns a text as a manifest is read: without a byte order mark. */
export function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}
