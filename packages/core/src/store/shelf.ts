import { canonicalJson, hasDigest, pictureDigest } from '../digest.ts'
import { maxBytes, readInside } from '../disk/read-inside.ts'
import { hashRequest } from '../identity/request.ts'
import { parseShelfKey, shelfKey, type ShelvedPicture } from '../identity/shelf-key.ts'
import type { LockEntry } from '../lock/lock.ts'
import {
  listJournalKeys,
  type PictureReceipt,
  removeJournalEntry,
  writeJournalEntry,
} from './journal.ts'
import type { ProjectPaths } from './paths.ts'

/*
 * The shelf has the format of the journal. It keeps each paid picture that was replaced, by its
 * request, so that returning to an old prompt costs nothing.
 */

/**
 * Shelves the master that another picture is about to replace, unless both answer the same request.
 *
 * @param options.next the request of the other picture
 * @throws LimnError `store/read-only`, `store/no-space`, `store/failed`
 */
export async function shelveReplaced(
  paths: Pick<ProjectPaths, 'root' | 'shelf'>,
  {
    asset,
    entry,
    next,
  }: { asset: string; entry: LockEntry | undefined; next: LockEntry['request'] },
): Promise<void> {
  if (entry === undefined || canonicalJson(entry.request) === canonicalJson(next)) return
  await shelveMaster(paths, { asset, entry })
}

/**
 * Adds the master of an asset that is about to lose its place, if it was paid for and its file is
 * the one in the lockfile. It takes the place of an earlier picture of the same asset and request,
 * such as another candidate, which is in `.limn/replaced`.
 *
 * @throws LimnError `store/read-only`, `store/no-space`, `store/failed`
 */
export async function shelveMaster(
  { root, shelf }: Pick<ProjectPaths, 'root' | 'shelf'>,
  { asset, entry }: { asset: string; entry: LockEntry },
): Promise<void> {
  const { request, master, made } = entry
  // What Limn has cut from a sheet, it can cut again.
  const isCut = request.operation === 'cut' && made.provider !== 'adopted'
  if (request.operation === 'source' || made.provider === 'local' || isCut) return
  const bytes = readIfPossible(root, master.path)
  if (bytes === undefined || !hasDigest(bytes, master.sha256)) return
  await shelvePicture({ shelf }, { asset, request, made, bytes, digest: master.sha256 })
}

/**
 * Adds a picture to the shelf, in place of an earlier one of the same asset and request.
 *
 * @param options.digest Default: computed
 * @throws LimnError `store/read-only`, `store/no-space`, `store/failed`
 */
export async function shelvePicture(
  { shelf }: Pick<ProjectPaths, 'shelf'>,
  {
    asset,
    request,
    made,
    bytes,
    digest = pictureDigest(bytes),
  }: PictureReceipt & { asset: string; bytes: Uint8Array; digest?: string },
): Promise<void> {
  const requestHash = hashRequest(request)
  const key = shelfKey({ asset, requestHash, digest, size: request.size })
  const { tag } = parseShelfKey(key)
  const known = listShelf(shelf).get(requestHash) ?? []
  if (!known.some((picture) => picture.key === key)) {
    await writeJournalEntry(shelf, { key, bytes, receipt: { request, made } })
  }
  const outdated = known.filter((picture) => picture.tag === tag && picture.key !== key)
  for (const picture of outdated) await removeJournalEntry(shelf, picture.key)
}

function readIfPossible(root: string, path: string): Buffer | undefined {
  try {
    return readInside(root, path, maxBytes.picture)
  } catch {
    return undefined
  }
}

/** Lists the pictures on the shelf by request hash; empty if it can't be read. */
export function listShelf(folder: string): Map<string, ShelvedPicture[]> {
  const picturesByRequest = new Map<string, ShelvedPicture[]>()
  for (const key of listKeys(folder).sort()) {
    const picture = parseShelfKey(key)
    const others = picturesByRequest.get(picture.requestHash)
    if (others === undefined) picturesByRequest.set(picture.requestHash, [picture])
    else others.push(picture)
  }
  return picturesByRequest
}

function listKeys(folder: string): string[] {
  try {
    return listJournalKeys(folder)
  } catch {
    // Without the shelf, the plan requests the old picture again and states the price.
    return []
  }
}
