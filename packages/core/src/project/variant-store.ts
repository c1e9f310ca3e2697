import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import type { LockEntry } from '../lock/lock.ts'
import type { Plan } from '../plan/plan.ts'
import type { RemoteAccess } from '../remote/remote-access.ts'
import type { ProjectContext } from './context.ts'
import { needsRemote } from './named-remote.ts'
import type { Snapshot } from './snapshot.ts'

/** A variant with its plan, and the master if that is its picture already. */
type PlannedVariant = {
  snapshot: Pick<Snapshot, 'manifest' | 'lock'>
  plan: Plan
  existing: LockEntry | undefined
}

/** How long the price of variants waits for the remote store, ms. */
const PATIENCE_MS = 5000

/**
 * Looks up which variants the remote store has, so that their price is 0. A store that fails, or
 * that the user has not agreed to, changes no price.
 */
export async function withStored<V extends PlannedVariant>(
  context: ProjectContext,
  variants: readonly V[],
): Promise<(V & { isStored: boolean })[]> {
  return Promise.all(
    variants.map(async (variant) => ({ ...variant, isStored: await isStored(context, variant) })),
  )
}

async function isStored(
  context: ProjectContext,
  { plan, snapshot, existing }: PlannedVariant,
): Promise<boolean> {
  if (existing !== undefined || !needsRemote(plan, snapshot.manifest, context)) return false
  const { askRemote } = await import('./ask-remote.ts')
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const { found } = await askRemote(context, { plan, snapshot }, signal)
    return found.length > 0
  } catch (error) {
    if (!(error instanceof LimnError)) throw error
    return false
  }
}

/** Opens the remote store, if there is one and a variant has to be requested. */
export async function openStoreFor(
  context: ProjectContext,
  variants: readonly PlannedVariant[],
  {
    onEvent = () => {},
    signal,
  }: { onEvent?: OnEvent | undefined; signal?: AbortSignal | undefined },
): Promise<RemoteAccess | undefined> {
  const requested = variants.find(
    ({ plan, snapshot: { manifest }, existing }) =>
      existing === undefined && needsRemote(plan, manifest, context),
  )
  if (requested === undefined) return undefined
  const { openRemote } = await import('./recover-from-remote.ts')
  return (await openRemote(context, requested.snapshot.manifest, { onEvent, signal })).access
}
