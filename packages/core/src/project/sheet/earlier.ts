import type { EarlierPicture } from '@limn/contact-sheet'
import { compareText } from '../../digest.ts'
import type { CommittedPictures } from '../../store/committed-pictures.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import { findEarlier, type NumberedPicture, readEarlier } from '../earlier.ts'
import type { SheetState } from './session-state.ts'

type Sources = {
  paths: ProjectPaths
  state: Pick<SheetState, 'snapshot' | 'earlierByAsset'>
  /** The history of git, if it is open for all assets. */
  history?: CommittedPictures | undefined
}

/** Lists the earlier pictures of an asset for the page, the latest first. */
export async function listEarlier(asset: string, sources: Sources): Promise<EarlierPicture[]> {
  const pictures = await find(asset, sources)
  const candidates = sortCandidates(pictures.filter(({ origin }) => origin === 'candidate'))
  return pictures.map((picture) => {
    const { id, receipt, isMaster, number, time } = picture
    const size = picture.size ?? parseSize(receipt?.request.size)
    return {
      id,
      origin: picture.origin === 'shelf' ? 'replaced' : picture.origin,
      number: picture.origin === 'candidate' ? candidates.indexOf(picture) + 1 : number,
      isMaster,
      prompt: receipt?.request.prompt ?? null,
      model: receipt?.request.model ?? null,
      at: new Date(time).toISOString(),
      usd: receipt?.made.usd ?? null,
      width: size?.width ?? null,
      height: size?.height ?? null,
    }
  })
}

/**
 * Orders candidates as the page numbers them: requests by the time of their first picture, and
 * those of one request by their number, which is that of `limn pick`.
 */
function sortCandidates(candidates: readonly NumberedPicture[]): NumberedPicture[] {
  const requestOf = ({ id }: NumberedPicture): string => id.replace(/-\d+$/, '')
  const firstTime = new Map<string, number>()
  for (const candidate of candidates) {
    const request = requestOf(candidate)
    firstTime.set(request, Math.min(candidate.time, firstTime.get(request) ?? Infinity))
  }
  const keyOf = (candidate: NumberedPicture): [number, string, number] => {
    const request = requestOf(candidate)
    return [firstTime.get(request)!, request, candidate.candidate!]
  }
  return candidates.toSorted((a, b) => {
    const [[timeA, requestA, numberA], [timeB, requestB, numberB]] = [keyOf(a), keyOf(b)]
    return timeA - timeB || compareText(requestA, requestB) || numberA - numberB
  })
}

function parseSize(text: string | undefined): { width: number; height: number } | undefined {
  const size = /^(\d+)x(\d+)$/.exec(text ?? '')
  return size === null ? undefined : { width: Number(size[1]), height: Number(size[2]) }
}

/**
 * Reads an earlier picture by the id that `listEarlier` gave it; `undefined` if it is gone.
 *
 * @throws LimnError `picture/unreadable`
 */
export async function readEarlierPicture(
  { asset, id }: { asset: string; id: string },
  sources: Sources,
): Promise<Buffer | undefined> {
  const known = (await sources.state.earlierByAsset.get(asset))?.find((each) => each.id === id)
  const picture = known ?? (await find(asset, sources)).find((each) => each.id === id)
  if (picture === undefined) return undefined
  return Buffer.from((await readEarlier(sources.paths, picture, sources.history)).bytes)
}

/** Finds the earlier pictures of an asset now, and remembers them for those who read one. */
function find(asset: string, { paths, state, history }: Sources): Promise<NumberedPicture[]> {
  const pictures = findEarlier(paths, state.snapshot.lock, asset, history)
  state.earlierByAsset.set(asset, pictures)
  return pictures
}
