import type { PointerKind } from '../disk/pointer-file.ts'
import {
  compareRequests,
  type FieldChange,
  type ImageRequest,
  type SourceRequest,
} from '../identity/request.ts'
import type { ShelvedPicture } from '../identity/shelf-key.ts'
import { type LockEntry, masterPaths } from '../lock/lock.ts'
import type { Asset } from '../manifest/manifest.ts'
import { comesInBatch } from './batch-eligibility.ts'
import {
  findReceived,
  findRenamed,
  findShelved,
  matchInBatch,
  matchLinked,
  type PlanContext,
  type ReceivedPicture,
} from './context.ts'
import { findRequest } from './current-request.ts'
import { hasContent, type Inventory } from './inventory.ts'
import type { Reason, Step } from './plan.ts'
import { withSentSize } from './sent-size.ts'

/** What decides the step of one generated asset, apart from the options of the whole plan. */
export type AssetFacts = {
  asset: Asset
  /** The request that the manifest describes. */
  request: ImageRequest
  /** The asset's entry in the lockfile; `undefined` if the asset has none. */
  entry: LockEntry | undefined
  /** Why the asset needs another picture; empty if the one in the lockfile is up to date. */
  reasonsToGenerate: Reason[]
  /** Whether `--force` replaces the master: it names the asset, or the master is edited. */
  isForced: boolean
  /** Whether a person chose the master (adopted or pinned) and `--force` does not override that. */
  isChosen: boolean
  /** Whether the file of the locked master is on the disk. */
  isMasterOnDisk: boolean
  /** Whether that file differs from what the lockfile records. */
  isEdited: boolean
  /** The file at one of the paths that the asset's master can have, in the lockfile or not. */
  fileInPlace: { path: string; sha256: string } | undefined
  /** A link at the place of the master or of one of its folders; `undefined` with `--force`. */
  link: string | undefined
  /** The master, or the first input, that another tool has not downloaded. */
  notDownloaded: { path: string; pointer: PointerKind } | undefined
  /** Names of the assets it is made from whose pictures are not known yet. */
  waitsFor: string[]
  /** Names of the assets it is made from whose pictures a person has to accept or restore first. */
  blockedBy: string[]
  /** Those of `waitsFor` that come in a batch, after this run. */
  waitsForBatch: string[]
  /** When the request was sent in a batch that is still open, ISO 8601; `undefined` if it was not. */
  inBatchSince: string | undefined
  /** Whether its picture is paid for and still to be fetched from a link. */
  isLinked: boolean
  /** Pictures in the journal that answer the request; empty where none of them may be used. */
  received: ReceivedPicture[]
  /** The picture on the shelf that answers the request. */
  shelved: ShelvedPicture | undefined
  /** The asset that has left the manifest and whose master answers the request. */
  renamedFrom: string | undefined
}

/** Gathers the facts about an asset. Call it once an asset, in the order of the plan. */
export function gatherFacts(asset: Asset, context: PlanContext): AssetFacts {
  const { lock, inventory, only, force = false } = context.options
  const { name } = asset
  const entry = lock.assets.get(name)
  const described = findRequest(asset, entry, context)
  const waitsFor = findUnfinishedInputs(asset, described)
  const isComplete = waitsFor.length === 0
  const master = compareMaster(entry, inventory)
  const isNamed = force && only?.has(name) === true
  const isForced =
    entry !== undefined &&
    (isNamed || (force && master.isEdited && entry.master.state !== 'pinned'))
  const isChosen = entry !== undefined && entry.master.state !== 'generated' && !force
  const reasonsToGenerate = findReasonsToGenerate({
    asset,
    request: described,
    entry,
    isForced,
    ...master,
  })
  const request =
    reasonsToGenerate.length > 0 && isComplete && !isNamed
      ? withSentSize(asset, { request: described, entry }, context)
      : described
  const inBatchSince = isComplete && !isNamed ? matchInBatch(request, context) : undefined
  const fileInPlace = findFileInPlace(name, entry, inventory)
  const isReplaced = reasonsToGenerate.some(({ code }) => code !== 'master-missing')
  const canUseReceived =
    inventory.journal.size > 0 &&
    isComplete &&
    inBatchSince === undefined &&
    (isReplaced || !isChosen)
  const canBeRenamed = entry === undefined && isComplete
  const renamedFrom = canBeRenamed
    ? findRenamed(asset, { request, digestInPlace: fileInPlace?.sha256 }, context)
    : undefined
  // A renamed master is up to date.
  const isStale = reasonsToGenerate.length > 0 && renamedFrom === undefined
  const canUseShelved = reasonsToGenerate.length > 0 && isComplete && !isForced
  return {
    asset,
    request,
    entry,
    reasonsToGenerate,
    isForced,
    isChosen,
    ...master,
    fileInPlace,
    link: inventory.links.size > 0 && !force ? findLink(name, inventory) : undefined,
    notDownloaded: findPointer(
      asset,
      { master: entry?.master.path ?? fileInPlace?.path, isStale },
      context,
    ),
    waitsFor,
    blockedBy: asset.inputs.flatMap(({ kind, target }) =>
      kind === 'asset' && isUnavailable(context.stepByAsset.get(target)) ? [target] : [],
    ),
    waitsForBatch: waitsFor.filter((input) => comesInBatch(context.stepByAsset.get(input))),
    inBatchSince,
    isLinked: isComplete && !isNamed && matchLinked(request, context),
    received: canUseReceived ? findReceived(request, context) : [],
    shelved: canUseShelved ? findShelved(name, request, context) : undefined,
    renamedFrom,
  }
}

/** Whether a step leaves an asset without the picture that the lockfile records. */
function isUnavailable(step: Step | undefined): boolean {
  return step?.kind === 'keep' && step.reasons.some(({ code }) => unavailable.has(code))
}

const unavailable: ReadonlySet<Reason['code']> = new Set([
  'edited',
  'kept-missing',
  'untracked',
  'link',
  'not-downloaded',
  'blocked',
] as const)

function findUnfinishedInputs({ inputs }: Asset, request: ImageRequest): string[] {
  return inputs
    .filter((_, index) => request.inputs![index]!.sha256 === null)
    .map(({ target }) => target)
}

function compareMaster(
  entry: LockEntry | undefined,
  { masters }: Inventory,
): Pick<AssetFacts, 'isMasterOnDisk' | 'isEdited'> {
  const file = entry && masters.get(entry.master.path)
  if (file === undefined) return { isMasterOnDisk: false, isEdited: false }
  return { isMasterOnDisk: true, isEdited: !hasContent(file, entry!.master.sha256) }
}

function findFileInPlace(
  name: string,
  entry: LockEntry | undefined,
  { mastersFolder, masters }: Inventory,
): AssetFacts['fileInPlace'] {
  const path = masterPaths(mastersFolder, name).find((candidate) => masters.has(candidate))
  if (path === undefined) return undefined
  const file = masters.get(path)!
  const isLocked = entry !== undefined && hasContent(file, entry.master.sha256)
  return { path, sha256: isLocked ? entry.master.sha256 : file.sha256 }
}

/**
 * Finds the master, or the first input that a new picture needs, that another tool has not
 * downloaded.
 */
function findPointer(
  { inputs }: Asset,
  { master, isStale }: { master: string | undefined; isStale: boolean },
  { options: { lock, inventory }, sourceOf, stepByAsset }: PlanContext,
): AssetFacts['notDownloaded'] {
  const isOnItsWay = (target: string): boolean => {
    const kind = stepByAsset.get(target)?.kind
    return kind === 'generate' || kind === 'recover'
  }
  const pathOf = (target: string): string | undefined => {
    const step = stepByAsset.get(target)
    const locked = lock.assets.get(step?.kind === 'move' ? step.from : target)
    return sourceOf(target) ?? locked?.master.path
  }
  const needed = isStale
    ? inputs
        .filter(({ kind, target }) => kind === 'file' || !isOnItsWay(target))
        .map(({ kind, target }) => (kind === 'file' ? target : pathOf(target)))
    : []
  for (const path of [master, ...needed]) {
    if (path === undefined) continue
    const pointer = (inventory.masters.get(path) ?? inventory.sources.get(path))?.pointer
    // A master in the remote store is replaced without being downloaded.
    const isReplaced = isStale && path === master && pointer === 'remote'
    if (pointer !== undefined && !isReplaced) return { path, pointer }
  }
  return undefined
}

function findLink(name: string, { mastersFolder, links }: Inventory): string | undefined {
  const segments = name.split('/')
  const folders = segments
    .slice(1)
    .map((_, index) => [mastersFolder, ...segments.slice(0, index + 1)].join('/'))
  return [...folders, ...masterPaths(mastersFolder, name)].find((path) => links.has(path))
}

function findReasonsToGenerate({
  asset,
  request,
  entry,
  isForced,
  isMasterOnDisk,
}: Pick<AssetFacts, 'asset' | 'request' | 'entry' | 'isForced' | 'isMasterOnDisk'>): Reason[] {
  if (entry === undefined) return [{ code: 'new' }]
  if (isForced) return [{ code: 'forced' }]
  const changes = staleChanges(asset, request, entry)
  if (changes.length > 0) return reasonsFor(changes, asset, { from: entry.request, to: request })
  return isMasterOnDisk ? [] : [{ code: 'master-missing' }]
}

/** What changed in the request since the master was made; empty if the master stays valid. */
function staleChanges(asset: Asset, request: ImageRequest, entry: LockEntry): FieldChange[] {
  if (entry.master.state === 'pinned') return []
  const changes = compareRequests(entry.request, request)
  // A size that Limn chose is derived from the outputs: other outputs are cut from the same master.
  const isStale = changes.some(({ field }) => field !== 'size' || !asset.isSizeAuto)
  return isStale && !isStaleAllowed(asset, entry, changes) ? changes : []
}

/** Whether `staleOk` keeps a master although its request changed. */
function isStaleAllowed(
  { staleOk, ownPrompt }: Asset,
  { made }: LockEntry,
  changes: readonly FieldChange[],
): boolean {
  if (staleOk === 'always') return true
  return (
    staleOk === 'style' &&
    made.ownPrompt === ownPrompt &&
    changes.every(({ field }) => field === 'prompt' || field === 'size')
  )
}

/** Splits changes into those of the request's own fields and those of its input pictures. */
function reasonsFor(
  changes: readonly FieldChange[],
  asset: Asset,
  { from, to }: { from: ImageRequest | SourceRequest; to: ImageRequest },
): Reason[] {
  const own = changes.filter(({ field }) => field !== 'inputs')
  const reasons: Reason[] = own.length === 0 ? [] : [{ code: 'request-changed', changes: own }]
  if (own.length < changes.length) {
    const before = from.operation === 'source' ? [] : (from.inputs ?? [])
    const inputs = asset.inputs
      .filter((_, index) => before[index]?.sha256 !== to.inputs?.[index]?.sha256)
      .map(({ target }) => target)
    reasons.push({ code: 'input-changed', inputs })
  }
  return reasons
}
