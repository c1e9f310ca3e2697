import { createDebug } from '../debug.ts'
import type { ImageRequest } from '../identity/request.ts'
import { hashRequest, isKeyOf } from '../identity/request.ts'
import { chooseShelved, parseShelfKey } from '../identity/shelf-key.ts'
import type { MasterRecord } from '../lock/lock.ts'
import type { Plan, Step } from '../plan/plan.ts'
import { listJournalKeys, readJournalEntry } from '../store/journal.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { listShelf } from '../store/shelf.ts'
import type { Workspace } from './workspace.ts'

const debug = createDebug('store')

/**
 * The pictures of one asset in the journal or on the shelf. The first one that can be decoded
 * becomes the master.
 */
export type Received = {
  asset: string
  request: ImageRequest
  /** The journal or the shelf, as an absolute path. */
  folder: string
  keys: string[]
  /** The digest that the picture must have, as the shelf names it; `null` if it is unknown. */
  digest: string | null
  made: MasterRecord
  recovered: boolean
  /** Present if they came from the remote store, which therefore has them. */
  isStored?: true
  /** The time from sending the request to the last picture, ms. 0 if recovered. */
  ms: number
}

type FindOptions = Pick<Extract<Step, { kind: 'recover' }>, 'asset' | 'request' | 'key' | 'from'>

/** Finds the pictures of a request that were paid for before. */
export async function findReceived(
  { asset, request, key, from }: FindOptions,
  { workspace, plan }: { workspace: Workspace; plan: Plan },
): Promise<Received> {
  const { paths, assetByName, manifest } = workspace
  const folder = from === 'journal' ? paths.journal : paths.shelf
  const { receipt } = await readJournalEntry(folder, key)
  const made = receipt?.made ?? {
    provider: manifest.providers[0]!.name,
    at: new Date().toISOString(),
  }
  const { candidates: each, attempts } = assetByName.get(asset)!
  const candidates = from === 'journal' ? each * attempts : 1
  const others =
    candidates === 1 ? [] : findCandidates(folder, { key, request, plan }).slice(0, candidates - 1)
  debug('%s: recovered %s from the %s', asset, key, from)
  const digest = from === 'shelf' ? parseShelfKey(key).sha256 : null
  return { asset, request, folder, keys: [key, ...others], digest, made, recovered: true, ms: 0 }
}

/** Finds the other pictures of a request in the journal, without those that other steps recover. */
function findCandidates(
  folder: string,
  { key, request, plan }: { key: string; request: ImageRequest; plan: Plan },
): string[] {
  const claimed = new Set([
    key,
    ...plan.steps.flatMap((step) => (step.kind === 'recover' ? [step.key] : [])),
  ])
  return listJournalKeys(folder)
    .filter((other) => !claimed.has(other) && isKeyOf(other, request))
    .sort()
}

/** Finds a picture that was paid for before and that answers a request. */
export function findPaid(
  { asset, request, canUseShelf }: { asset: string; request: ImageRequest; canUseShelf: boolean },
  { journal, shelf }: ProjectPaths,
): Pick<FindOptions, 'key' | 'from'> | undefined {
  const key = listJournalKeys(journal).find((each) => isKeyOf(each, request))
  if (key !== undefined) return { key, from: 'journal' }
  if (!canUseShelf) return undefined
  const shelved = chooseShelved(asset, listShelf(shelf).get(hashRequest(request)) ?? [])
  return shelved && { key: shelved.key, from: 'shelf' }
}
