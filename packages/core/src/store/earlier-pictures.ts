import { join, relative } from 'node:path'
import { pictureDigest } from '../digest.ts'
import { namesInside, statInside } from '../disk/read-inside.ts'
import type { FileVersion } from '../git/file-history.ts'
import { hashRequest } from '../identity/request.ts'
import { tagOf } from '../identity/shelf-key.ts'
import type { LockEntry } from '../lock/lock.ts'
import { masterExtensions } from '../manifest/presets.ts'
import { listCandidates, readDigest } from './candidates.ts'
import { journalFile, type PictureReceipt, readJournalEntry } from './journal.ts'
import type { ProjectPaths } from './paths.ts'
import { listShelf } from './shelf.ts'

/** A picture that an asset had before, or that was a candidate for it, and that still exists. */
export type EarlierPicture = {
  /** Identifies it among those of its asset, as long as it exists. */
  id: string
  origin: 'replaced' | 'candidate' | 'shelf' | 'git'
  /** Path relative to the root, with `/`; in git, that of the file in its commit. */
  path: string
  /** Its digest; of a replaced master the first 16 digits, which its name has. */
  digest: string
  bytes: number
  /** When the file was written or committed, ms since 1970. */
  mtimeMs: number
  /** How it was made; `undefined` if this machine does not know. */
  receipt: PictureReceipt | undefined
  /** Its number among the candidates of its request; `undefined` if it was the only one. */
  candidate: number | undefined
  /** px; `undefined` if nothing records it. */
  size?: { width: number; height: number } | undefined
  /** Its version in git; `undefined` if it is a file. */
  version?: FileVersion | undefined
}

const REPLACED = new RegExp(String.raw`^[0-9a-f]{16}\.(${masterExtensions.join('|')})$`)
const REQUEST_FOLDER = /^[0-9a-f]{16}$/

/**
 * Lists the pictures of an asset in `.limn/replaced`, `.limn/candidates` and `.limn/shelf`, each
 * once. Skips everything else in these folders, and unreadable files.
 *
 * @param current the asset's entry in the lockfile: the candidates of its request were made with it
 */
export async function listEarlierPictures(
  paths: ProjectPaths,
  asset: string,
  current: LockEntry | undefined,
): Promise<EarlierPicture[]> {
  const candidates = listAllCandidates(paths, asset)
  const known = new Set(candidates.map(({ digest }) => digest.slice(0, 16)))
  const replaced = listReplaced(paths, asset).filter(({ digest }) => !known.has(digest))
  for (const { digest } of replaced) known.add(digest)
  const shelved = listShelved(paths, asset).filter(({ digest }) => !known.has(digest.slice(0, 16)))
  const found = [...candidates, ...replaced, ...shelved]
  const receipts = [...receiptOf(current), ...(await readReceipts(paths, found))]
  return found.map(({ requestPrefix, ...picture }) => ({
    ...picture,
    receipt: receipts.find(
      ({ requestHash, digest }) =>
        digest.startsWith(picture.digest.slice(0, 16)) ||
        (requestPrefix !== undefined && requestHash.startsWith(requestPrefix)),
    )?.receipt,
  }))
}

/** `requestPrefix` is the beginning of the request's hash, if it is known. */
type FoundPicture = Omit<EarlierPicture, 'receipt'> & { requestPrefix: string | undefined }

function listReplaced(paths: ProjectPaths, asset: string): FoundPicture[] {
  const folder = join(paths.replaced, asset)
  return namesInside(paths.root, folder).flatMap((name) => {
    const found = REPLACED.test(name) ? findFile(paths.root, join(folder, name)) : undefined
    return found === undefined ? [] : [{ ...found, ...identify('replaced', name.slice(0, 16)) }]
  })
}

/** Lists the pictures on the shelf that were masters of an asset. */
function listShelved({ root, shelf }: ProjectPaths, asset: string): FoundPicture[] {
  const own = tagOf(asset)
  return [...listShelf(shelf).values()].flat().flatMap(({ key, tag, sha256: digest }) => {
    const found =
      tag === own && digest !== null ? findFile(root, join(shelf, journalFile(key))) : undefined
    return found === undefined ? [] : [{ ...found, ...identify('shelf', digest!) }]
  })
}

/** Returns what identifies a picture of which only its digest is known. */
function identify(
  origin: 'replaced' | 'shelf',
  digest: string,
): Omit<FoundPicture, 'path' | 'bytes' | 'mtimeMs'> {
  const id = `${origin}-${digest.slice(0, 16)}`
  return { id, origin, digest, candidate: undefined, requestPrefix: undefined }
}

/** Lists the candidates of all requests of an asset. */
function listAllCandidates(paths: ProjectPaths, asset: string): FoundPicture[] {
  const folders = namesInside(paths.root, join(paths.state, 'candidates', asset))
  return folders
    .filter((name) => REQUEST_FOLDER.test(name))
    .flatMap((requestPrefix) =>
      [...listCandidates(paths, { asset, requestHash: requestPrefix })].flatMap(
        ([candidate, file]): FoundPicture[] => {
          const found = findFile(paths.root, file)
          const digest = readDigest(paths, file)
          return found === undefined || digest === undefined
            ? []
            : [
                {
                  ...found,
                  id: `candidate-${requestPrefix}-${candidate}`,
                  origin: 'candidate',
                  digest,
                  candidate,
                  requestPrefix,
                },
              ]
        },
      ),
    )
}

/** Returns the receipt of the asset's master, unless a person supplied it. */
function receiptOf(current: LockEntry | undefined): KnownReceipt[] {
  if (current === undefined || current.request.operation === 'source') return []
  if (current.made.provider === 'adopted') return []
  const { request, made, master } = current
  return [{ requestHash: hashRequest(request), digest: master.sha256, receipt: { request, made } }]
}

type KnownReceipt = { requestHash: string; digest: string; receipt: PictureReceipt }

/** Reads the receipts of those pictures on the shelf that may be one of the given ones. */
async function readReceipts(
  { shelf }: ProjectPaths,
  pictures: readonly FoundPicture[],
): Promise<KnownReceipt[]> {
  const digests = new Set(pictures.map(({ digest }) => digest.slice(0, 16)))
  const prefixes = new Set(pictures.map(({ requestPrefix }) => requestPrefix))
  const receipts: KnownReceipt[] = []
  for (const { key, requestHash, sha256: digest } of [...listShelf(shelf).values()].flat()) {
    const isOneOfThem = digest === null || digests.has(digest.slice(0, 16))
    if (!isOneOfThem && !prefixes.has(requestHash.slice(0, 16))) continue
    const entry = await readJournalEntry(shelf, key).catch(() => undefined)
    if (entry?.receipt === undefined) continue
    const { bytes, receipt } = entry
    receipts.push({
      requestHash: hashRequest(receipt.request),
      digest: pictureDigest(bytes),
      receipt,
    })
  }
  return receipts
}

/** Returns what a stat tells about a regular file; `undefined` for anything else. */
function findFile(
  root: string,
  file: string,
): Pick<EarlierPicture, 'path' | 'bytes' | 'mtimeMs'> | undefined {
  const stat = statInside(root, file)
  if (stat?.isFile() !== true) return undefined
  const path = relative(root, file).replaceAll('\\', '/')
  return { path, bytes: stat.size, mtimeMs: stat.mtimeMs }
}
