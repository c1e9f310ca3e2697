import { LimnError } from '../errors.ts'
import { writeLock } from '../lock/file.ts'
import { type LockEntry, withEntries } from '../lock/lock.ts'
import { unknownAsset } from '../manifest/select-assets.ts'
import { runAsSingleWriter } from '../store/single-writer.ts'
import type { ProjectContext } from './context.ts'

/**
 * Pins an asset, so that its picture is never regenerated, or unpins it.
 *
 * @throws LimnError `asset/unknown`, `asset/no-master`; ManifestError
 */
export async function pin(
  { paths, read }: ProjectContext,
  { name, pinned }: { name: string; pinned: boolean },
): Promise<void> {
  await runAsSingleWriter({ paths }, async () => {
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
    await writeLock(paths.lock, withEntries(lock, [[name, changed]]))
  })
}

function stateBeforePin({ made }: LockEntry): 'adopted' | 'generated' {
  return made.provider === 'adopted' ? 'adopted' : 'generated'
}
