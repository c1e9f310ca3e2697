import { LimnError } from '../errors.ts'
import { compareRequests } from '../identity/request.ts'
import { type Lock, type LockEntry, withEntries } from '../lock/lock.ts'
import type { Asset } from '../manifest/manifest.ts'
import type { Currency } from '../models/cost.ts'
import { currentRequest } from '../plan/current-request.ts'
import type { Step } from '../plan/plan.ts'
import { masterPath } from '../store/masters.ts'
import { shelveReplaced } from '../store/shelf.ts'
import { requireGenerated } from './adopt.ts'
import type { ProjectContext } from './context.ts'
import { findEarlier, type NumberedPicture, placeOf, readEarlier } from './earlier.ts'
import { findAsset } from './find-asset.ts'
import { installManual } from './install-manual.ts'
import { decodeManualMaster, outputsUnder } from './manual-master.ts'
import { planInputs } from './plan-inputs.ts'
import { planSnapshot } from './plan-snapshot.ts'
import { runAsWriter } from './run-as-writer.ts'
import type { FullSnapshot } from './snapshot.ts'

/** An earlier picture as `limn restore NAME` lists it. */
export type ListedPicture = {
  /** Its number for `restore`, from 1. */
  number: number
  /** Identifies it, whatever else is added or removed. */
  id: string
  origin: 'replaced' | 'candidate' | 'shelf' | 'git'
  /** Path relative to the root, with `/`; in git, that of the file in `commit`. */
  path: string
  /** The commit that has it; `null` if it is a file. */
  commit: string | null
  bytes: number
  /** When it was made, ISO 8601 in UTC; when its file was written if that is unknown. */
  at: string
  /** The prompt and price (USD) of its request; `null` if they are unknown. */
  prompt: string | null
  usd: number | null
  /** Its number among the candidates of its request; `null` if it was the only one. */
  candidate: number | null
}

/** The earlier pictures of an asset, the latest first. */
export type EarlierPictures = { pictures: ListedPicture[]; currency: Currency | null }

/** A picture that is the master again. */
export type Restored = {
  /** Path of the master, relative to the root. */
  path: string
  /** As in the lockfile. */
  state: LockEntry['master']['state']
  /** What the manifest would require if the picture was not kept; `null` if nothing. */
  required: Step | null
  currency: Currency | null
}

/**
 * Lists the earlier pictures of an asset that still exist on this machine: replaced masters,
 * candidates, and pictures in the history of git. Leaves out the master itself.
 *
 * @throws LimnError `asset/unknown`, `asset/no-master`; ManifestError
 */
export async function listEarlier(context: ProjectContext, name: string): Promise<EarlierPictures> {
  const snapshot = await context.read()
  requireGenerated(findAsset(snapshot, name))
  const earlier = await findEarlier(context.paths, snapshot.lock, name)
  return {
    currency: snapshot.manifest.currency,
    pictures: earlier.flatMap(({ number, isMaster, ...picture }) =>
      isMaster ? [] : [{ number: number!, ...describePicture(picture) }],
    ),
  }
}

function describePicture({
  id,
  origin,
  path,
  version,
  bytes,
  time,
  receipt,
  candidate,
}: Omit<NumberedPicture, 'number' | 'isMaster'>): Omit<ListedPicture, 'number'> {
  return {
    id,
    origin,
    path,
    commit: version?.commit ?? null,
    bytes,
    at: new Date(time).toISOString(),
    prompt: receipt?.request.prompt ?? null,
    usd: receipt?.made.usd ?? null,
    candidate: candidate ?? null,
  }
}

/**
 * Makes an earlier picture the master of its asset again. The picture that it replaces is kept like
 * any other replaced one. The next run requests no other picture: a picture of another request is
 * pinned, and one whose request is unknown is adopted.
 *
 * @param options.which its number or its id, as `listEarlier` returns them
 * @throws LimnError `asset/unknown`, `asset/no-master`, `asset/no-earlier`, `picture/unreadable`;
 *   ManifestError
 */
export async function restore(
  context: ProjectContext,
  options: { name: string; which: number | string },
): Promise<Restored> {
  // Reports a mistake in the manifest before anything is written.
  await context.read()
  return runAsWriter(context, {}, () => restoreAsWriter(context, options))
}

/** Does the work of `restore`, as the single writer. */
export async function restoreAsWriter(
  context: ProjectContext,
  { name, which }: { name: string; which: number | string },
): Promise<Restored> {
  const { paths, read } = context
  const snapshot = await read()
  const { lock } = snapshot
  const asset = findAsset(snapshot, name)
  requireGenerated(asset)
  const picture = await chooseEarlier(context, { name, which, lock })
  const { bytes: stored, receipt } = await readEarlier(paths, picture)
  const { bytes, extension, facts } = await decodeManualMaster(stored, placeOf(picture))
  const path = masterPath(paths, { asset: name, extension })
  const before = lock.assets.get(name)
  const restored = { ...picture, receipt }
  const entry: LockEntry = {
    ...originOf(restored, { asset, snapshot }),
    outputs: outputsUnder(facts, before),
    master: { path, ...facts, state: stateOf(restored, { asset, snapshot }) },
  }
  await shelveReplaced(paths, { asset: name, entry: before, next: entry.request })
  await installManual({ name, entry, bytes, extension }, { paths, snapshot })
  return {
    path,
    state: entry.master.state,
    required: requiredStep(await read(), name),
    currency: snapshot.manifest.currency,
  }
}

/** Returns the earlier picture with a number or an id. @throws LimnError `asset/no-earlier` */
export async function chooseEarlier(
  { paths }: ProjectContext,
  { name, which, lock }: { name: string; which: number | string; lock: Lock },
): Promise<NumberedPicture> {
  const earlier = await findEarlier(paths, lock, name)
  const picture = earlier.find(({ number, id }) => which === number || which === id)
  if (picture !== undefined) return picture
  throw noEarlier({ name, which, count: earlier.filter(({ isMaster }) => !isMaster).length })
}

type Restoring = { asset: Asset; snapshot: FullSnapshot }

/** Returns the request that made a picture, and how. An unknown picture counts as a person's. */
function originOf(
  { receipt, candidate }: NumberedPicture,
  { asset, snapshot }: Restoring,
): Pick<LockEntry, 'request' | 'made'> {
  if (receipt === undefined) {
    return {
      request: currentRequest(asset, planInputs(snapshot)),
      made: { provider: 'adopted', at: new Date().toISOString() },
    }
  }
  const { request, made } = receipt
  return { request, made: candidate === undefined ? made : { ...made, picked: candidate } }
}

function stateOf(
  { receipt }: NumberedPicture,
  { asset, snapshot }: Restoring,
): LockEntry['master']['state'] {
  if (receipt === undefined) return 'adopted'
  const current = currentRequest(asset, planInputs(snapshot))
  return compareRequests(receipt.request, current).length === 0 ? 'generated' : 'pinned'
}

/** Returns what the plan would do if the asset's picture was not pinned. */
function requiredStep(snapshot: FullSnapshot, name: string): Step | null {
  const entry = snapshot.lock.assets.get(name)!
  const unpinned: LockEntry = { ...entry, master: { ...entry.master, state: 'generated' } }
  const lock = withEntries(snapshot.lock, [[name, unpinned]])
  const { steps } = planSnapshot({ ...snapshot, lock }, { names: [name] })
  const isAnother = ({ kind }: Step): boolean => kind === 'generate' || kind === 'recover'
  return steps.find((step) => step.asset === name && isAnother(step)) ?? null
}

function noEarlier({
  name,
  which,
  count,
}: {
  name: string
  which: number | string
  count: number
}): LimnError {
  if (count === 0) {
    return new LimnError('asset/no-earlier', `"${name}" has no earlier picture on this machine.`, {
      hint: 'Limn keeps a picture when another one replaces it, and lists those of the last commits.',
    })
  }
  return new LimnError('asset/no-earlier', `"${name}" has no earlier picture ${which}.`, {
    hint: `\`limn restore ${name}\` lists them: choose a number from 1 to ${count}.`,
  })
}
