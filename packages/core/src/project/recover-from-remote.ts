import type { OnEvent } from '../events.ts'
import { hashRequest } from '../identity/request.ts'
import { systemClock } from '../limits/clock.ts'
import { readLock } from '../lock/file.ts'
import type { Lock, LockEntry } from '../lock/lock.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Plan, Step } from '../plan/plan.ts'
import type { FoundAnswer } from '../remote/find-answer.ts'
import { mapAtOnce } from '../remote/map-at-once.ts'
import { openStore } from '../remote/open-store.ts'
import { createRemoteAccess, type RemoteAccess } from '../remote/remote-access.ts'
import { listJournalKeys, reserveKey, writeJournalEntry } from '../store/journal.ts'
import { adoptBatches } from './adopt-batches.ts'
import type { ProjectContext } from './context.ts'
import { downloadMasters } from './download-masters.ts'
import { isInRemoteStore, isLookedUp, type LookedUpStep, namedRemote } from './named-remote.ts'
import { runAsWriter, stopSignal } from './run-as-writer.ts'
import type { FullSnapshot } from './snapshot.ts'

/** Requests that are looked up at the same time. */
const CONCURRENCY = 8

/** The remote store of one `generate`. */
export type OpenRemote = {
  access: RemoteAccess
  /**
   * Looks up the requests of a plan that were not looked up before, and writes the pictures that
   * the store has to the journal. Downloads the masters that the plan needs.
   *
   * @returns whether there were any: the plan then no longer applies
   * @throws LimnError `store/…` if the disk fails, `aborted`
   */
  recover(plan: Plan, snapshot: Pick<FullSnapshot, 'lock' | 'digests'>): Promise<boolean>
  /**
   * Reports the requests of a plan that the store could not be asked about.
   *
   * @throws LimnError `remote/…` if the store is required, and there are any
   */
  reportUnasked(plan: Plan): void
}

/**
 * Opens the remote store of a project, once the user has agreed to it.
 *
 * @throws LimnError `remote/invalid`, `remote/no-consent`
 */
export async function openRemote(
  context: ProjectContext,
  manifest: Pick<Manifest, 'remote'>,
  { onEvent, signal }: { onEvent: OnEvent; signal?: AbortSignal | undefined },
): Promise<OpenRemote> {
  const { access: keys, paths, env, clock = systemClock } = context
  const remote = namedRemote(manifest, env)!
  const store = await openStore(remote, { access: keys, root: paths.root })
  const isRequired = remote.settings.required
  const access = createRemoteAccess(store, { onEvent, clock, isRequired })
  const tried = new Set<string>()
  const pulled = new Set<string>()
  return {
    access,
    reportUnasked(plan) {
      if (access.failure === undefined) return
      const unasked = plan.steps.flatMap((step) => {
        if (!isLookedUp(step)) return []
        const requestHash = hashRequest(step.request)
        const { asset, usd } = step
        return access.asked.has(requestHash) ? [] : [{ asset, requestHash, usd }]
      })
      if (unasked.length > 0 && isRequired) throw access.failure
      access.reportUnasked(unasked, { isSent: false })
    },
    async recover(plan, { lock, digests }) {
      const steps = withoutShared(
        plan.steps.filter((step): step is LookedUpStep => isUntried(step, tried)),
        lock,
      )
      const masters = neededMasters(plan, lock).filter(([name]) => !pulled.has(name))
      for (const [name] of masters) pulled.add(name)
      if (steps.length === 0 && masters.length === 0) return false
      const options = { onWait: () => onEvent({ type: 'waiting' }), signal }
      return runAsWriter(context, options, async (session) => {
        const stop = stopSignal(session, signal)
        const find = (step: LookedUpStep): Promise<FoundAnswer | undefined> =>
          access.find(step.request, lock.assets.get(step.asset), {
            // A picture that is left in the journal would replace the master in the next run.
            images: step.images,
            signal: stop,
          })
        const read = (master: LockEntry['master']): Promise<Uint8Array | undefined> =>
          access.readMaster(master, { signal: stop })
        // Another process may have paid while this one waited.
        const current = readLock(paths.lock, paths.masters)
        const isSame = (asset: string): boolean =>
          digestOf(current, asset) === digestOf(lock, asset)
        const missing = masters.filter(([asset]) => isSame(asset))
        const due = withoutReceived(
          steps.filter(({ asset }) => isSame(asset)),
          paths.journal,
        )
        const downloaded = await downloadMasters(missing, { paths, digests, read })
        const found = await recoverSteps(due, find, paths.journal)
        const unpaid = due.filter((step) => !found.has(step))
        const isAnyAdopted = await adoptBatches(unpaid, context, { access, onEvent, signal: stop })
        return (
          found.size > 0 ||
          isAnyAdopted ||
          downloaded.pulled.length > 0 ||
          due.length < steps.length
        )
      })
    },
  }
}

/** Returns the entries of the masters that a plan waits for, by asset. */
function neededMasters(plan: Plan, { assets }: Lock): [string, LockEntry][] {
  const paths = new Set(
    plan.steps
      .filter(isInRemoteStore)
      .flatMap(({ reasons }) => reasons.flatMap((reason) => ('path' in reason ? reason.path : []))),
  )
  if (paths.size === 0) return []
  return [...assets].filter(([, { master }]) => paths.has(master.path))
}

/** Whether the request of a step is complete and was not looked up yet. Adds it to `tried`. */
function isUntried(step: Step, tried: Set<string>): boolean {
  if (!isLookedUp(step)) return false
  // Two assets with the same request have a picture each.
  const key = `${step.asset} ${hashRequest(step.request)}`
  if (tried.has(key)) return false
  tried.add(key)
  return true
}

function digestOf({ assets }: Lock, asset: string): string | undefined {
  return assets.get(asset)?.master.sha256
}

/** Leaves out the steps whose request has a picture in the journal. */
function withoutReceived(steps: readonly LookedUpStep[], journal: string): LookedUpStep[] {
  const received = new Set(listJournalKeys(journal).map((key) => key.split('+', 1)[0]))
  return steps.filter(({ request }) => !received.has(hashRequest(request)))
}

/**
 * Leaves out the steps whose request the lockfile answers for another asset only: a picture in the
 * journal would be taken for that asset's. The run looks them up before it pays.
 */
function withoutShared(steps: readonly LookedUpStep[], { assets }: Lock): LookedUpStep[] {
  const prompts = new Set(steps.map(({ request }) => request.prompt))
  const answered = new Map<string, string[]>()
  for (const [name, { request }] of assets) {
    if (request.operation === 'source' || !prompts.has(request.prompt)) continue
    const hash = hashRequest(request)
    answered.set(hash, [...(answered.get(hash) ?? []), name])
  }
  return steps.filter(
    ({ asset, request }) => answered.get(hashRequest(request))?.includes(asset) !== false,
  )
}

/** Writes the pictures of some steps to the journal. @returns the steps that had any */
async function recoverSteps(
  steps: readonly LookedUpStep[],
  find: (step: LookedUpStep) => Promise<FoundAnswer | undefined>,
  journal: string,
): Promise<Set<LookedUpStep>> {
  const takenKeys = new Set(listJournalKeys(journal))
  // After a failure, nothing is left running when the caller is no longer the writer.
  const found = new Set<LookedUpStep>()
  await mapAtOnce(steps, CONCURRENCY, async (step) => {
    const answer = await find(step)
    if (answer === undefined) return
    const { asset, request } = step
    for (const bytes of answer.pictures) {
      const key = reserveKey(takenKeys, hashRequest(request))
      const receipt = { asset, request, made: answer.made }
      await writeJournalEntry(journal, { key, bytes, receipt })
    }
    found.add(step)
  })
  return found
}
