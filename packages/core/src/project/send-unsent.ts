import { LimnError } from '../errors.ts'
import { systemClock } from '../limits/clock.ts'
import { openStore } from '../remote/open-store.ts'
import { createUploads } from '../remote/uploads.ts'
import { removeUnsent } from '../store/unsent.ts'
import type { ProjectContext } from './context.ts'
import { requireRemote } from './named-remote.ts'
import type { GenerateOptions } from './options.ts'
import { answerOf, mastersOf } from './stored-masters.ts'

/**
 * Uploads the masters of the lockfile that the remote store does not have yet, because an earlier
 * run was killed, had no connection or did not use the store. Does nothing unless only the store
 * keeps masters for others. Reports the result as events.
 *
 * @param digests those of `listUnsent`
 * @returns how many pictures are still only on this machine
 */
export async function sendUnsent(
  context: ProjectContext,
  digests: readonly string[],
  { onEvent = () => {}, quit }: Pick<GenerateOptions, 'onEvent' | 'quit'>,
): Promise<number> {
  const { paths, env, access, clock = systemClock } = context
  const snapshot = await context.read()
  const { manifest, inventory } = snapshot
  const due = new Set(digests)
  const answers = mastersOf(snapshot).flatMap(([asset, entry]) => {
    const isDue = manifest.masters === 'remote' && due.has(entry.master.sha256)
    const answer = isDue ? answerOf([asset, entry], { paths, inventory }) : undefined
    return answer === undefined ? [] : [{ answer, digest: entry.master.sha256 }]
  })
  if (answers.length === 0) return 0
  const pictures = answers.reduce((sum, { answer }) => sum + answer.pictures.length, 0)
  const unsent = { type: 'remote-unsent', pictures, isOnlyCopy: true } as const
  const masters = answers.map(({ answer }) => answer.path!).sort()
  try {
    const store = await openStore(requireRemote(manifest, env), { access, root: paths.root })
    let left = 0
    const follow: typeof onEvent = (event) => {
      if (event.type === 'remote-unsent') left = event.pictures
      onEvent(event)
    }
    const uploads = createUploads({ store, clock, onEvent: follow, isOnlyCopy: true })
    const sent = answers.map(async ({ answer, digest }) => {
      if (await uploads.add(answer)) await removeUnsent(paths, digest)
    })
    await uploads.finish(quit)
    await Promise.all(sent)
    return left
  } catch (error) {
    if (!(error instanceof LimnError)) throw error
    onEvent({ ...unsent, store: '', paths: masters, error })
    return pictures
  }
}
