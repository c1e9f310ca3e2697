import { join } from 'node:path'
import type { EarlierPicture } from '@limn/contact-sheet'
import { maxBytes, readInside } from '../../disk/read-inside.ts'
import {
  type EarlierPicture as StoredPicture,
  listEarlierPictures,
} from '../../store/earlier-pictures.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import type { SheetState } from './session-state.ts'

type Sources = { paths: ProjectPaths; state: SheetState }

/** Lists the earlier pictures of an asset for the page, the latest first. */
export async function listEarlier(asset: string, sources: Sources): Promise<EarlierPicture[]> {
  const stored = await findStored(asset, sources)
  const master = sources.state.snapshot.lock.assets.get(asset)?.master.sha256
  const numbers = stored.filter(({ digest }) => !isDigestOf(digest, master))
  return stored.map((picture) => {
    const { receipt, candidate, digest } = picture
    const size = /^(\d+)x(\d+)$/.exec(receipt?.request.size ?? '')
    return {
      id: idOf(picture),
      origin: candidate === undefined ? 'replaced' : 'candidate',
      number: isDigestOf(digest, master) ? null : numbers.indexOf(picture) + 1,
      isMaster: isDigestOf(digest, master),
      prompt: receipt?.request.prompt ?? null,
      model: receipt?.request.model ?? null,
      at: new Date(timeOf(picture)).toISOString(),
      usd: receipt?.made.usd ?? null,
      width: size === null ? null : Number(size[1]),
      height: size === null ? null : Number(size[2]),
    }
  })
}

/**
 * Reads an earlier picture by the id that `listEarlier` gave it; `undefined` if it is gone.
 *
 * @throws the errors of `readInside`
 */
export async function readEarlierPicture(
  { asset, id }: { asset: string; id: string },
  sources: Sources,
): Promise<Buffer | undefined> {
  const picture = (await findStored(asset, sources)).find((each) => idOf(each) === id)
  return picture === undefined
    ? undefined
    : readInside(sources.paths.root, join(sources.paths.root, picture.path), maxBytes.picture)
}

/** Finds the stored earlier pictures of an asset, in the order in which `limn restore` lists them. */
async function findStored(asset: string, { paths, state }: Sources): Promise<StoredPicture[]> {
  const entry = state.snapshot.lock.assets.get(asset)
  return (await listEarlierPictures(paths, asset, entry)).sort(
    (a, b) => timeOf(b) - timeOf(a) || (a.path < b.path ? -1 : 1),
  )
}

function timeOf({ receipt, mtimeMs }: StoredPicture): number {
  return receipt === undefined ? mtimeMs : Date.parse(receipt.made.at)
}

function idOf({ digest, candidate }: StoredPicture): string {
  return `${candidate === undefined ? 'replaced' : 'candidate'}-${digest.slice(0, 16)}`
}

function isDigestOf(digest: string, master: string | undefined): boolean {
  return master?.startsWith(digest) === true
}
