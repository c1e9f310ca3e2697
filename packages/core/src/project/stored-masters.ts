import { hashRequest } from '../identity/request.ts'
import type { Lock, LockEntry } from '../lock/lock.ts'
import { hasContent, type Inventory } from '../plan/inventory.ts'
import type { UploadedAnswer } from '../remote/store-answer.ts'
import { describeFile, pictureOf } from '../run/upload-answer.ts'
import { listCandidates } from '../store/candidates.ts'
import type { ProjectPaths } from '../store/paths.ts'

/** Returns the entries of the lockfile whose masters Limn keeps, by the name of their asset. */
export function mastersOf({ lock }: { lock: Lock }): [string, LockEntry][] {
  return [...lock.assets].filter(([, { request }]) => request.operation !== 'source')
}

/**
 * Returns what to upload of an asset: its master and its candidates.
 *
 * @returns `undefined` if this machine does not have the master as the lockfile has it
 */
export function answerOf(
  [asset, { request, master, made }]: readonly [string, LockEntry],
  { paths, inventory }: { paths: ProjectPaths; inventory: Pick<Inventory, 'masters'> },
): UploadedAnswer | undefined {
  const file = inventory.masters.get(master.path)
  if (request.operation === 'source' || file === undefined) return undefined
  if (!hasContent(file, master.sha256)) return undefined
  const files = listCandidates(paths, { asset, requestHash: hashRequest(request) })
  const candidates = [...files.values()].flatMap((path) => describeFile(paths, path) ?? [])
  const others = candidates.filter(({ sha256 }) => sha256 !== master.sha256)
  const pictures = [pictureOf(paths, { ...master, bytes: file.bytes }), ...others]
  return { request, made, pictures, path: master.path }
}
