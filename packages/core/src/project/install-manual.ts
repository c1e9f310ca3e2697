import { digestsOf } from '../digest.ts'
import { writeLock } from '../lock/file.ts'
import { type LockEntry, withEntries } from '../lock/lock.ts'
import { withIntent } from '../store/intents.ts'
import { writeMaster } from '../store/masters.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { recordUnsent } from '../store/unsent.ts'
import type { FullSnapshot } from './snapshot.ts'

/** A picture that a person chose as the master of an asset. */
type ChosenPicture = {
  name: string
  entry: LockEntry
  bytes: Uint8Array
  extension: string
  /** Whether the file is in its place already. Default false. */
  isInPlace?: boolean
}

/**
 * Makes a picture the master of an asset: its file, then the lockfile. Only the writer may call it.
 *
 * @throws LimnError `store/…`; the next command completes what was interrupted
 */
export async function installManual(
  { name, entry, bytes, extension, isInPlace = false }: ChosenPicture,
  { paths, snapshot }: { paths: ProjectPaths; snapshot: FullSnapshot },
): Promise<void> {
  const { lock, digests, manifest } = snapshot
  const before = lock.assets.get(name)?.master.sha256 ?? null
  if (manifest.masters === 'remote') await recordUnsent(paths, entry.master.sha256)
  const intent = { kind: 'install', asset: name, before, entry, encoder: null } as const
  await withIntent(paths, intent, async () => {
    if (!isInPlace) await writeMaster(paths, { asset: name, bytes, extension })
    digests.record(entry.master.path, digestsOf(bytes))
    digests.save()
    await writeLock(paths.lock, withEntries(lock, [[name, entry]]), {
      mastersFolder: paths.masters,
    })
  })
}
