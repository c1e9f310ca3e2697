import { extname, join } from 'node:path'
import { digestsOf } from '../digest.ts'
import { LimnError } from '../errors.ts'
import { compareRequests } from '../identity/request.ts'
import { writeLock } from '../lock/file.ts'
import { type LockEntry, withEntries } from '../lock/lock.ts'
import type { Asset } from '../manifest/manifest.ts'
import type { Currency } from '../models/cost.ts'
import { currentRequest } from '../plan/current-request.ts'
import type { Step } from '../plan/plan.ts'
import { type EarlierPicture, listEarlierPictures } from '../store/earlier-pictures.ts'
import { withIntent } from '../store/intents.ts'
import { masterPath, writeMaster } from '../store/masters.ts'
import { shelveReplaced } from '../store/shelf.ts'
import { requireGenerated } from './adopt.ts'
import type { ProjectContext } from './context.ts'
import { findAsset } from './find-asset.ts'
import { outputsUnder, readManualMaster } from './manual-master.ts'
import { planInputs } from './plan-inputs.ts'
import { planSnapshot } from './plan-snapshot.ts'
import { runAsWriter } from './run-as-writer.ts'
import type { FullSnapshot } from './snapshot.ts'

/** An earlier picture as `limn restore NAME` lists it. */
export type ListedPicture = {
  /** Its number for `restore`, from 1. */
  number: number
  /** Path relative to the root, with `/`. */
  path: string
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
 * Lists the earlier pictures of an asset that still exist on this machine: replaced masters and
 * candidates. Leaves out the master itself.
 *
 * @throws LimnError `asset/unknown`, `asset/no-master`; ManifestError
 */
export async function listEarlier(context: ProjectContext, name: string): Promise<EarlierPictures> {
  const snapshot = await context.read()
  requireGenerated(findAsset(snapshot, name))
  const earlier = await findEarlier(context, snapshot, name)
  return {
    currency: snapshot.manifest.currency,
    pictures: earlier.map(({ path, bytes, receipt, mtimeMs, candidate }, index) => ({
      number: index + 1,
      path,
      bytes,
      at: receipt?.made.at ?? new Date(mtimeMs).toISOString(),
      prompt: receipt?.request.prompt ?? null,
      usd: receipt?.made.usd ?? null,
      candidate: candidate ?? null,
    })),
  }
}

/**
 * Makes an earlier picture the master of its asset again. The picture that it replaces is kept like
 * any other replaced one. The next run requests no other picture: a picture of another request is
 * pinned, and one whose request is unknown is adopted.
 *
 * @param options.number as `listEarlier` numbers it
 * @throws LimnError `asset/unknown`, `asset/no-master`, `asset/no-earlier`, `picture/unreadable`;
 *   ManifestError
 */
export async function restore(
  context: ProjectContext,
  { name, number }: { name: string; number: number },
): Promise<Restored> {
  const { paths, read } = context
  // Reports a mistake in the manifest before anything is written.
  await read()
  return runAsWriter(context, {}, async () => {
    const snapshot = await read()
    const { lock, digests } = snapshot
    const asset = findAsset(snapshot, name)
    requireGenerated(asset)
    const earlier = await findEarlier(context, snapshot, name)
    const picture = earlier[number - 1]
    if (picture === undefined) throw noEarlier({ name, number, count: earlier.length })
    const { bytes, facts } = await readManualMaster({
      file: join(paths.root, picture.path),
      shownPath: picture.path,
      root: paths.root,
    })
    const extension = extname(picture.path).slice(1)
    const path = masterPath(paths, { asset: name, extension })
    const before = lock.assets.get(name)
    const entry: LockEntry = {
      ...originOf(picture, { asset, snapshot }),
      outputs: outputsUnder(facts, before),
      master: { path, ...facts, state: stateOf(picture, { asset, snapshot }) },
    }
    await shelveReplaced(paths, { asset: name, entry: before, next: entry.request })
    const intent = {
      kind: 'install',
      asset: name,
      before: before?.master.sha256 ?? null,
      entry,
      encoder: null,
    } as const
    await withIntent(paths, intent, async () => {
      await writeMaster(paths, { asset: name, bytes, extension })
      digests.record(path, digestsOf(bytes))
      digests.save()
      await writeLock(paths.lock, withEntries(lock, [[name, entry]]), {
        mastersFolder: paths.masters,
      })
    })
    return {
      path,
      state: entry.master.state,
      required: requiredStep(await read(), name),
      currency: snapshot.manifest.currency,
    }
  })
}

/** Finds the earlier pictures of an asset, the latest first, without its master. */
async function findEarlier(
  { paths }: ProjectContext,
  { lock }: FullSnapshot,
  name: string,
): Promise<EarlierPicture[]> {
  const current = lock.assets.get(name)
  const timeOf = ({ receipt, mtimeMs }: EarlierPicture): number =>
    receipt === undefined ? mtimeMs : Date.parse(receipt.made.at)
  return (await listEarlierPictures(paths, name, current))
    .filter(({ digest }) => current?.master.sha256.startsWith(digest) !== true)
    .sort((a, b) => timeOf(b) - timeOf(a) || (a.path < b.path ? -1 : 1))
}

type Restoring = { asset: Asset; snapshot: FullSnapshot }

/** Returns the request that made a picture, and how. An unknown picture counts as a person's. */
function originOf(
  { receipt, candidate }: EarlierPicture,
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
  { receipt }: EarlierPicture,
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
  number,
  count,
}: {
  name: string
  number: number
  count: number
}): LimnError {
  if (count === 0) {
    return new LimnError('asset/no-earlier', `"${name}" has no earlier picture on this machine.`, {
      hint: 'Limn keeps a picture when another one replaces it; git may have older ones.',
    })
  }
  return new LimnError('asset/no-earlier', `"${name}" has no earlier picture ${number}.`, {
    hint: `\`limn restore ${name}\` lists them: choose a number from 1 to ${count}.`,
  })
}
