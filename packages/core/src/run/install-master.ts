import { digestsOf } from '../digest.ts'
import { hashRequest } from '../identity/request.ts'
import type { Examination } from '../lock/examination.ts'
import type { Lock, LockEntry, MasterRecord, MasterState } from '../lock/lock.ts'
import { saveCandidates } from '../store/candidates.ts'
import { writeIntent } from '../store/intents.ts'
import { readJournalEntry } from '../store/journal.ts'
import { masterPath, writeMaster } from '../store/masters.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { shelveReplaced } from '../store/shelf.ts'
import type { DecodedPicture } from './decode-received.ts'
import type { Received } from './find-received.ts'
import type { Workspace } from './workspace.ts'

/**
 * Writes a received picture to its place as the master of its asset. Its candidates are kept, and
 * the picture that it replaces is shelved.
 *
 * @param options.encoder the encoder version of the lockfile, if it has none
 * @returns the asset's entry for the lockfile; the numbers of its candidates, from 1, none if there
 *   is only one picture; and the intent to remove once the lockfile names the master
 */
export async function installMaster(
  received: Received,
  { master, facts, keys, examination }: DecodedPicture & { examination?: Examination | undefined },
  { workspace, lock, encoder }: { workspace: Workspace; lock: Lock; encoder: string },
): Promise<{ entry: LockEntry; candidates: number[]; intent: string | undefined }> {
  const { asset, request, made, folder } = received
  const { paths, assetByName } = workspace
  const { bytes, extension } = master
  const before = lock.assets.get(asset)
  const candidates =
    keys.length > 1 ? await storeCandidates(paths, received, { keys, extension }) : []
  await shelveReplaced(paths, { asset, entry: before, next: request })
  const path = masterPath(paths, { asset, extension })
  const digests = digestsOf(bytes)
  const { ownPrompt } = assetByName.get(asset)!
  const picked =
    candidates.length === 0 ? {} : { candidates: Math.max(...candidates), picked: candidates[0]! }
  const entry: LockEntry = {
    request,
    master: { path, sha256: digests[0], ...facts, state: stateAfter(before, made) },
    made: { ...made, ownPrompt, ...picked },
    ...(examination === undefined ? {} : { examined: examination }),
    outputs: before?.outputs ?? {},
  }
  const isJournaled = folder === paths.journal
  const intent = await writeIntent(
    paths,
    { kind: 'install', asset, before: before?.master.sha256 ?? null, entry, encoder },
    { synced: !isJournaled },
  ).catch((error: unknown) => {
    // The next run finds the picture in the journal; the shelf does not say that it is due.
    if (!isJournaled) throw error
    return undefined
  })
  await writeMaster(paths, { asset, bytes, extension })
  workspace.digests.record(path, digests)
  return { entry, candidates, intent }
}

/** Returns the state of a master that replaces another one. */
function stateAfter(before: LockEntry | undefined, { provider }: MasterRecord): MasterState {
  if (before?.master.state === 'pinned') return 'pinned'
  // A person's picture that was replaced comes back from the shelf.
  return provider === 'adopted' ? 'adopted' : 'generated'
}

async function storeCandidates(
  paths: ProjectPaths,
  { asset, request, folder }: Received,
  { keys, extension }: { keys: readonly string[]; extension: string },
): Promise<number[]> {
  const pictures = await Promise.all(
    keys.map(async (key) => (await readJournalEntry(folder, key)).bytes),
  )
  return saveCandidates(paths, { asset, requestHash: hashRequest(request), pictures, extension })
}
