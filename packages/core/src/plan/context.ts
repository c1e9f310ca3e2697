import { canonicalJson, compareText } from '../digest.ts'
import {
  hashRequest,
  type ImageRequest,
  requestHashOf,
  type SourceRequest,
} from '../identity/request.ts'
import { chooseShelved, type ShelvedPicture } from '../identity/shelf-key.ts'
import type { Asset } from '../manifest/manifest.ts'
import { createSourceLookup, type InputContext } from './current-request.ts'
import type { Inventory } from './inventory.ts'
import type { PlanOptions, Step } from './plan.ts'

/** A picture in the journal, by its key there. */
export type ReceivedPicture = { key: string; sha256: string }

/** What planning an asset needs: the options, indexes over them, and the steps planned so far. */
export type PlanContext = InputContext & {
  /** Locked assets that have left the manifest, by name. */
  orphans: readonly string[]
  /** The generated ones among them by request, see `keyWithoutSize`. */
  orphansByRequest: ReadonlyMap<string, readonly string[]>
  /** The pictures in the journal by request hash. */
  receivedByRequest: ReadonlyMap<string, readonly ReceivedPicture[]>
  stepByAsset: Map<string, Step | undefined>
  /** Orphans whose master is moved to another asset. */
  movedFrom: Set<string>
  /** Keys of the pictures in the journal and on the shelf that an asset takes. */
  takenKeys: Set<string>
  /** The sizes of the pictures on the shelf by the tag of their asset. Listed on the first call. */
  shelvedSizes: () => ReadonlyMap<string, ReadonlySet<string>>
  /** The number of assets that were matched with a request in a batch, by request hash. */
  batchMatches: Map<string, number>
  /** The same for requests whose pictures are still to be fetched. */
  linkMatches: Map<string, number>
}

export function createContext(options: PlanOptions): PlanContext {
  const { manifest, lock, inventory } = options
  const wanted = new Set(manifest.assets.map(({ name }) => name))
  const orphans = [...lock.assets.keys()].filter((name) => !wanted.has(name)).sort(compareText)
  const orphansByRequest = new Map<string, string[]>()
  for (const name of orphans) {
    const { request } = lock.assets.get(name)!
    if (request.operation !== 'source') addTo(orphansByRequest, keyWithoutSize(request), name)
  }
  const receivedByRequest = new Map<string, ReceivedPicture[]>()
  for (const [key, sha256] of inventory.journal) {
    addTo(receivedByRequest, requestHashOf(key), { key, sha256 })
  }
  return {
    options,
    sourceOf: createSourceLookup(manifest.assets),
    orphans,
    orphansByRequest,
    receivedByRequest,
    stepByAsset: new Map(),
    movedFrom: new Set(),
    takenKeys: new Set(),
    shelvedSizes: createSizeLookup(inventory),
    batchMatches: new Map(),
    linkMatches: new Map(),
  }
}

function createSizeLookup({ shelf }: Inventory): PlanContext['shelvedSizes'] {
  let sizesByTag: Map<string, Set<string>> | undefined
  return () => {
    if (sizesByTag !== undefined) return sizesByTag
    sizesByTag = new Map()
    for (const { tag, size } of [...shelf.values()].flat()) {
      if (size !== null) sizesByTag.set(tag, (sizesByTag.get(tag) ?? new Set()).add(size))
    }
    return sizesByTag
  }
}

/** Notes the step of an asset for the assets that are planned after it. */
export function recordStep(context: PlanContext, asset: string, step: Step | undefined): void {
  context.stepByAsset.set(asset, step)
  if (step?.kind === 'move') context.movedFrom.add(step.from)
  if (step?.kind === 'recover') context.takenKeys.add(step.key)
  if (step?.kind === 'generate') for (const key of step.received ?? []) context.takenKeys.add(key)
}

/**
 * Finds the orphan whose master answers a request. `digestInPlace` is the digest of the file at the
 * asset's master path.
 */
export function findRenamed(
  asset: Asset,
  { request, digestInPlace }: { request: ImageRequest; digestInPlace: string | undefined },
  context: PlanContext,
): string | undefined {
  if (context.orphansByRequest.size === 0) return undefined
  const { lock, inventory } = context.options
  return context.orphansByRequest.get(keyWithoutSize(request))?.find((from) => {
    const { request: old, master } = lock.assets.get(from)!
    // A run that was killed between the move and the write of the lockfile left the master there.
    const isOnDisk =
      digestInPlace === undefined
        ? inventory.masters.has(master.path)
        : digestInPlace === master.sha256
    const hasSize = asset.isSizeAuto || (old.operation !== 'source' && old.size === request.size)
    return !context.movedFrom.has(from) && isOnDisk && hasSize
  })
}

/** The pictures in the journal that answer a request and that no other asset of this plan takes. */
export function findReceived(
  request: ImageRequest,
  { receivedByRequest, takenKeys }: PlanContext,
): ReceivedPicture[] {
  const received = receivedByRequest.get(hashRequest(request)) ?? []
  return received.filter(({ key }) => !takenKeys.has(key))
}

/** The picture on the shelf that an asset gets for its request. */
export function findShelved(
  asset: string,
  request: ImageRequest,
  { options: { inventory }, takenKeys }: PlanContext,
): ShelvedPicture | undefined {
  if (inventory.shelf.size === 0) return undefined
  const pictures = inventory.shelf.get(hashRequest(request))
  return pictures && chooseShelved(asset, pictures, takenKeys)
}

/**
 * Matches a request with one in an open batch, each with one asset only. Call it once an asset.
 *
 * @returns When the request was sent, ISO 8601.
 */
export function matchInBatch(
  request: ImageRequest,
  { options, batchMatches }: PlanContext,
): string | undefined {
  const { inBatch } = options.inventory
  if (inBatch.size === 0) return undefined
  const hash = hashRequest(request)
  const index = batchMatches.get(hash) ?? 0
  batchMatches.set(hash, index + 1)
  return inBatch.get(hash)?.[index]
}

/**
 * Matches a request with an answer whose pictures are still to be fetched, each with one asset
 * only. Call it once an asset.
 */
export function matchLinked(request: ImageRequest, { options, linkMatches }: PlanContext): boolean {
  const { linked } = options.inventory
  if (linked.size === 0) return false
  const hash = hashRequest(request)
  const index = linkMatches.get(hash) ?? 0
  linkMatches.set(hash, index + 1)
  return index < (linked.get(hash) ?? 0)
}

/** A request without its size, which does not identify a picture where Limn chose it. */
function keyWithoutSize(request: ImageRequest | SourceRequest): string {
  return canonicalJson({ ...request, size: undefined })
}

function addTo<T>(listByKey: Map<string, T[]>, key: string, value: T): void {
  const list = listByKey.get(key)
  if (list === undefined) listByKey.set(key, [value])
  else list.push(value)
}
