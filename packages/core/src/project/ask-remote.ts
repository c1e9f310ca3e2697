import { sumUsd } from '../models/cost.ts'
import type { Plan } from '../plan/plan.ts'
import { hasAnswer } from '../remote/find-answer.ts'
import { mapAtOnce } from '../remote/map-at-once.ts'
import { openStore } from '../remote/open-store.ts'
import type { ProjectContext } from './context.ts'
import { isLookedUp, type LookedUpStep, needsRemote, requireRemote } from './named-remote.ts'
import type { RemoteForecast } from './options.ts'
import type { Snapshot } from './snapshot.ts'

/** Requests that are looked up at the same time. */
const CONCURRENCY = 8

/**
 * Asks the remote store which requests of a plan it has answers to. Downloads no picture.
 *
 * @throws LimnError `remote/…`, `aborted`
 */
export async function askRemote(
  context: ProjectContext,
  { plan, snapshot }: { plan: Plan; snapshot: Pick<Snapshot, 'manifest' | 'lock'> },
  signal?: AbortSignal,
): Promise<RemoteForecast> {
  const { access, paths, env } = context
  const { manifest, lock } = snapshot
  const remote = requireRemote(manifest, env)
  const store = await openStore(remote, { access, root: paths.root })
  const steps = needsRemote(plan, manifest, context)
    ? plan.steps.filter((step): step is LookedUpStep => isLookedUp(step))
    : []
  const options = { store, onDamaged: () => {}, signal }
  const answers = await mapAtOnce(steps, CONCURRENCY, ({ asset, request }) =>
    hasAnswer(request, lock.assets.get(asset), options),
  )
  const found = steps.filter((_, index) => answers[index] === true)
  return {
    store: store.name,
    asked: steps.length,
    found: found.map(({ asset }) => asset),
    usd: sumUsd(found),
  }
}
