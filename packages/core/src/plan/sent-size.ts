import { hashRequest, type ImageRequest } from '../identity/request.ts'
import { tagOf } from '../identity/shelf-key.ts'
import type { LockEntry } from '../lock/lock.ts'
import type { Asset } from '../manifest/manifest.ts'
import type { PlanContext } from './context.ts'

/**
 * Returns the request of an asset with the size with which it was sent before, if Limn chose the
 * size: other outputs then mean another size, but are cut from the picture that was paid for, as
 * they are from a master. Returns the same request if its own size was sent, or none was.
 */
export function withSentSize(
  { name, isSizeAuto }: Asset,
  { request, entry }: { request: ImageRequest; entry: LockEntry | undefined },
  context: PlanContext,
): ImageRequest {
  const { journal, shelf, inBatch, linked } = context.options.inventory
  const isEmpty = journal.size + shelf.size + inBatch.size + linked.size === 0
  if (!isSizeAuto || isEmpty || wasSent(name, request, context)) return request
  const size = [...sizesOf(name, entry, context)].find((each) =>
    wasSent(name, { ...request, size: each }, context),
  )
  return size === undefined ? request : { ...request, size }
}

/** Lists the sizes with which requests of an asset were sent. */
function sizesOf(
  asset: string,
  entry: LockEntry | undefined,
  { options: { inventory }, shelvedSizes }: PlanContext,
): Set<string> {
  const locked = entry === undefined || entry.request.operation === 'source' ? [] : [entry.request]
  return new Set([
    ...(inventory.sentSizes?.get(asset) ?? []),
    ...(shelvedSizes().get(tagOf(asset)) ?? []),
    // Older versions named no size on the shelf.
    ...locked.map(({ size }) => size),
  ])
}

/** Whether the picture of a request is paid for, and may be that of the asset. */
function wasSent(
  asset: string,
  request: ImageRequest,
  { options: { inventory }, receivedByRequest, batchMatches, linkMatches, takenKeys }: PlanContext,
): boolean {
  const hash = hashRequest(request)
  const isLeft = (matches: ReadonlyMap<string, number>, count: number): boolean =>
    (matches.get(hash) ?? 0) < count
  return (
    receivedByRequest.get(hash)?.some(({ key }) => !takenKeys.has(key)) === true ||
    isLeft(batchMatches, inventory.inBatch.get(hash)?.length ?? 0) ||
    isLeft(linkMatches, inventory.linked.get(hash) ?? 0) ||
    inventory.shelf.get(hash)?.some(({ tag }) => tag === tagOf(asset) || tag === '') === true
  )
}
