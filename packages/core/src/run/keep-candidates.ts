import { hashRequest } from '../identity/request.ts'
import { candidatePaths, saveCandidates } from '../store/candidates.ts'
import { readJournalEntry, removeJournalEntry } from '../store/journal.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { shelvePicture } from '../store/shelf.ts'
import type { DecodedPicture } from './decode-received.ts'
import type { Received } from './find-received.ts'

/**
 * Keeps received pictures as candidates of their asset: its master and the lockfile stay. The shelf
 * gets the first one with the record of how it was made, so that its request is never paid for
 * again. Only then the pictures leave the journal.
 *
 * @returns the paths of all candidates of the request, relative to the root
 * @throws LimnError `store/…`; the pictures are in the journal then
 */
export async function keepCandidates(
  { asset, request, folder, made }: Received,
  { master: { extension }, keys }: DecodedPicture,
  { paths, ownPrompt }: { paths: ProjectPaths; ownPrompt: string },
): Promise<string[]> {
  const pictures: Uint8Array[] = []
  for (const key of keys) pictures.push((await readJournalEntry(folder, key)).bytes)
  const requestHash = hashRequest(request)
  await saveCandidates(paths, { asset, requestHash, pictures, extension })
  if (folder === paths.journal) {
    const record = { ...made, ownPrompt }
    await shelvePicture(paths, { asset, request, made: record, bytes: pictures[0]! })
    for (const key of keys) await removeJournalEntry(folder, key)
  }
  return candidatePaths(paths, { asset, request })
}
