import { REPLACE_PICTURE } from '../derive/remedy.ts'
import { type Digests, digestsOf } from '../digest.ts'
import { wrapReadErrors } from '../disk/read-errors.ts'
import { maxBytes, readInside } from '../disk/read-inside.ts'
import type { LockEntry } from '../lock/lock.ts'
import type { Master, MasterFacts } from '../pictures/read-master.ts'
import { nameUnreadable } from '../pictures/unreadable-picture.ts'
import type { Step } from '../plan/plan.ts'
import { shelveReplaced } from '../store/shelf.ts'
import type { OutputCutter } from './cut-outputs.ts'
import type { LockWriter } from './lock-writer.ts'
import { queueDecoding, type Queues } from './queues.ts'
import type { StopSignals } from './stop-signals.ts'
import type { Workspace } from './workspace.ts'

/**
 * Reads the file of an asset with `source`, updates its lockfile entry if the file is new, and cuts
 * its outputs.
 */
export async function readSource(
  { asset, outputs: files }: Extract<Step, { kind: 'derive' }>,
  {
    workspace,
    lockWriter,
    queues,
    signals,
    outputs,
  }: {
    workspace: Workspace
    lockWriter: LockWriter
    queues: Queues
    signals: StopSignals
    /** `undefined` if the run cuts no outputs. */
    outputs: OutputCutter | undefined
  },
): Promise<void> {
  const { path } = workspace.assetByName.get(asset)!.source!
  const bytes = wrapReadErrors(path, () => readInside(workspace.paths.root, path, maxBytes.picture))
  const digests = digestsOf(bytes)
  const before = lockWriter.lock.assets.get(asset)
  if (isUnchanged(before, path, digests)) {
    outputs?.cut(asset, files)
    return
  }
  const { encoderVersion } = await import('../derive/encoder-version.ts')
  const { master, facts } = await queueDecoding(queues, signals.quit, () =>
    decode(bytes, path, signals.quit),
  )
  await shelveReplaced(workspace.paths, {
    asset,
    entry: before,
    next: { operation: 'source', source: path },
  })
  lockWriter.setEncoder(encoderVersion())
  const entry: LockEntry = {
    request: { operation: 'source', source: path },
    // The digest and the length are those of the user's file, which a sanitised SVG does not have.
    master: { path, sha256: digests[0], ...facts, bytes: bytes.length, state: 'adopted' },
    made: { provider: 'source', at: new Date().toISOString() },
    outputs: before?.outputs ?? {},
  }
  lockWriter.update([[asset, entry]])
  outputs?.cut(asset, files, master)
}

function isUnchanged(entry: LockEntry | undefined, path: string, digests: Digests): boolean {
  return (
    entry?.request.operation === 'source' &&
    entry.request.source === path &&
    digests.includes(entry.master.sha256)
  )
}

async function decode(
  bytes: Uint8Array,
  path: string,
  signal: AbortSignal | undefined,
): Promise<{ master: Master; facts: MasterFacts }> {
  const { computeMasterFacts, readMaster } = await import('../pictures/read-master.ts')
  const master = await readMaster(bytes, signal).catch((error: unknown) => {
    throw nameUnreadable(error, path, REPLACE_PICTURE)
  })
  return { master, facts: await computeMasterFacts(master) }
}
