import { join } from 'node:path'
import { sha256 } from '../digest.ts'
import { rootOfState } from '../disk/project-files.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { hashRequest, type ImageRequest } from '../identity/request.ts'

/**
 * Writes a response without a usable picture to `rejected/` next to the journal, whole: it may
 * contain the link to a picture that was paid for.
 *
 * @param journal absolute
 * @returns its absolute path
 * @throws LimnError `store/…`
 */
export async function rejectResponse(
  journal: string,
  { request, response }: { request: ImageRequest; response: Uint8Array },
): Promise<string> {
  // The same response has the same name, so that a batch that is read again adds nothing.
  const name = `${hashRequest(request).slice(0, 12)}-${sha256(response).slice(0, 8)}.response`
  const path = join(journal, '..', 'rejected', name)
  await writeFileAtomic(rootOfState(journal), path, response)
  return path
}
