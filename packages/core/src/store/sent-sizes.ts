import type { Inventory } from '../plan/inventory.ts'
import type { BatchRecord } from './batch-records.ts'
import { readReceipts } from './journal.ts'
import type { ProjectPaths } from './paths.ts'
import { listLinkKeys, readLinkRecord } from './pending-links.ts'

/**
 * Lists the sizes of the requests whose pictures are in the journal, behind links or in batches, by
 * asset.
 */
export function readSentSizes(
  { journal }: Pick<ProjectPaths, 'journal'>,
  batches: readonly BatchRecord[],
): NonNullable<Inventory['sentSizes']> {
  const sizesByAsset = new Map<string, string[]>()
  const add = (asset: string, size: string): void => {
    sizesByAsset.set(asset, [...(sizesByAsset.get(asset) ?? []), size])
  }
  for (const { asset, request } of readReceipts(journal)) {
    if (asset !== undefined) add(asset, request.size)
  }
  for (const { asset, request } of readLinkRecords(journal)) add(asset, request.size)
  for (const { asset, request } of batches.flatMap(({ lines }) => lines)) add(asset, request.size)
  return sizesByAsset
}

function readLinkRecords(journal: string): { asset: string; request: { size: string } }[] {
  return listLinkKeys(journal).flatMap((key) => {
    try {
      return [readLinkRecord(journal, key)]
    } catch {
      // The run that fetches it reports it.
      return []
    }
  })
}
