import { LimnError } from '../errors.ts'
import { writeLock } from '../lock/file.ts'
import { type LockEntry, withEntries } from '../lock/lock.ts'
import { unknownAsset } from '../manifest/select-assets.ts'
import type { ProjectContext } from './context.ts'
import { runAsWriter } from './run-as-writer.ts'

/**
 * Pins an asset, so that its picture is never regenerated, or unpins it.
 *
 * @throws LimnError `asset/unknown`, `asset/no-master`; ManifestError
 */
export async function pin(
  context: ProjectContext,
  { name, pinned }: { name: string; pinned: boolean },
): Promise<void> {
  const { paths, read } = context
  // The write of the lockfile is the only change, and atomic: no intent is needed.
  await runAsWriter(context, {}, async () => {
    const { manifest, lock } = await read()
    const entry = lock.assets.get(name)
    if (entry === undefined && manifest.assets.some((asset) => asset.name === name)) {
      throw new LimnError('asset/no-master', `"${name}" has no picture yet.`, {
        hint: 'Run `limn generate` first.',
      })
    }
    if (entry === undefined) throw unknownAsset(name, manifest)
    const state = pinned ? 'pinned' : stateBeforePin(entry)
    const changed: LockEntry = { ...entry, master: { ...entry.master, state } }
    await writeLock(paths.lock, withEntries(lock, [[name, changed]]), {
      mastersFolder: paths.masters,
    })
  })
}

function stateBeforePin({ made }: LockEntry): 'adopted' | 'generated' {
  return made.provider === 'adopted' ? 'adopted' : 'generated'
}
