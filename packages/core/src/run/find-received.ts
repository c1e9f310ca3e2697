import { createDebug } from '../debug.ts'
import type { ImageRequest } from '../identity/request.ts'
import { isKeyOf } from '../identity/request.ts'
import type { MasterRecord } from '../lock/lock.ts'
import type { Plan, Step } from '../plan/plan.ts'
import { listJournalKeys, readJournalEntry } from '../store/journal.ts'
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
  made: MasterRecord
  recovered: boolean
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
  const candidates = from === 'journal' ? assetByName.get(asset)!.candidates : 1
  const others =
    candidates === 1 ? [] : findCandidates(folder, { key, request, plan }).slice(0, candidates - 1)
  debug('%s: recovered %s from the %s', asset, key, from)
  return { asset, request, folder, keys: [key, ...others], made, recovered: true, ms: 0 }
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

/** Finds a picture of a request in the journal. @returns its key */
export function findJournaled(folder: string, request: ImageRequest): string | undefined {
  return listJournalKeys(folder).find((key) => isKeyOf(key, request))
}
