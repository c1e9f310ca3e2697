import type { OnEvent } from '../events.ts'
import type { Step } from '../plan/plan.ts'
import { writeIntent } from '../store/intents.ts'
import { moveAsset } from '../store/masters.ts'
import type { LockWriter } from './lock-writer.ts'
import type { Workspace } from './workspace.ts'

/** Moves the master of a renamed asset, and writes the lockfile at once. */
export async function moveMaster(
  { asset, from }: Extract<Step, { kind: 'move' }>,
  {
    workspace: { paths, manifest, digests },
    lockWriter,
    onEvent,
  }: { workspace: Workspace; lockWriter: LockWriter; onEvent: OnEvent },
): Promise<void> {
  const intent = await writeIntent(paths, { kind: 'move', from, to: asset })
  const entry = await moveAsset({
    paths,
    out: manifest.out,
    ownDigests: digests.own,
    from,
    to: asset,
    entry: lockWriter.lock.assets.get(from)!,
  })
  const changes = [[from, undefined] as const, [asset, entry] as const]
  lockWriter.update(changes, { intents: [intent] })
  await lockWriter.flush()
  onEvent({ type: 'moved', asset, from, path: entry.master.path })
}
