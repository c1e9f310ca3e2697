import { LimnError } from '../errors.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { UnansweredRequests } from '../remote/shared-batches.ts'
import type { ProjectContext } from './context.ts'
import { namedRemote } from './named-remote.ts'

/**
 * Removes the records of requests from the remote store that no batch answers. If the store fails,
 * they stay: other machines then find out for themselves.
 */
export async function forgetSharedBatches(
  unanswered: UnansweredRequests,
  { env, access, paths }: Pick<ProjectContext, 'env' | 'access' | 'paths'>,
  manifest: Pick<Manifest, 'remote'>,
): Promise<void> {
  const named = namedRemote(manifest, env)
  if (named === undefined) return
  try {
    const { openStore } = await import('../remote/open-store.ts')
    const { forgetBatches } = await import('../remote/shared-batches.ts')
    await forgetBatches(unanswered, { store: await openStore(named, { access, root: paths.root }) })
  } catch (error) {
    if (!(error instanceof LimnError)) throw error
  }
}
