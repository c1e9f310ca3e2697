import { hasDigest } from '../digest.ts'
import { LimnError } from '../errors.ts'
import type { ImageRequest } from '../identity/request.ts'
import { isFarTooSmall } from '../pictures/far-too-small.ts'
import type { Master, MasterFacts } from '../pictures/read-master.ts'
import { readJournalEntry, rejectJournalEntry } from '../store/journal.ts'
import type { Received } from './find-received.ts'

/** A decoded picture, and the keys of the journal from its own on. */
export type DecodedPicture = { master: Master; facts: MasterFacts; keys: string[] }

/**
 * Decodes the first picture that is complete. Pictures before it are moved out of the journal.
 *
 * @param signal ends the process that decodes a large picture
 * @throws LimnError `provider/bad-answer` if no picture is complete; the reason of `signal`
 */
export async function decodeReceived(
  {
    asset,
    request,
    folder,
    keys,
    digest,
  }: Pick<Received, 'asset' | 'request' | 'folder' | 'keys' | 'digest'>,
  signal?: AbortSignal,
): Promise<DecodedPicture> {
  const { computeMasterFacts, readMaster } = await import('../pictures/read-master.ts')
  let failure: LimnError | undefined
  for (const [index, key] of keys.entries()) {
    const { bytes } = await readJournalEntry(folder, key)
    const master = await readMaster(bytes, signal).catch((cause: unknown) => ({ cause }))
    // A picture that could not be decoded because the run stops is not a damaged one.
    signal?.throwIfAborted()
    const isDamaged = digest !== null && !hasDigest(bytes, digest)
    if (!('cause' in master) && !isDamaged && !isFarTooSmall(request, master)) {
      return { master, facts: await computeMasterFacts(master), keys: keys.slice(index) }
    }
    const keptIn = await rejectJournalEntry(folder, key)
    failure ??= isDamaged ? damaged(asset, keptIn) : badAnswer({ asset, request, keptIn }, master)
  }
  throw failure!
}

function badAnswer(
  { asset, request: { size }, keptIn }: { asset: string; request: ImageRequest; keptIn: string },
  picture: { cause: unknown } | Pick<Master, 'width' | 'height'>,
): LimnError {
  const hint = hintFor(asset, keptIn)
  return 'cause' in picture
    ? new LimnError(
        'provider/bad-answer',
        'The provider returned an incomplete picture. It may have been billed.',
        { hint, cause: picture.cause },
      )
    : new LimnError(
        'provider/bad-answer',
        `The provider returned a picture of ${picture.width}x${picture.height} px instead of ${size} px. It may have been billed.`,
        { hint },
      )
}

/** Returns the error of a picture on the shelf whose bytes have changed since. */
function damaged(asset: string, keptIn: string): LimnError {
  return new LimnError('provider/bad-answer', 'The picture of an earlier run is damaged.', {
    hint: hintFor(asset, keptIn),
  })
}

function hintFor(asset: string, keptIn: string): string {
  return `If you want it nevertheless, or can repair it, run \`limn adopt ${asset} ${keptIn}\`; the rejected file is kept there. Otherwise run the command again to request the picture again.`
}
