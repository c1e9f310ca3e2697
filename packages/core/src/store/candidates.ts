import { join, relative } from 'node:path'
import { createDebug } from '../debug.ts'
import { pictureDigest } from '../digest.ts'
import { listInside, maxBytes, readInside } from '../disk/read-inside.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { hashRequest, type ImageRequest } from '../identity/request.ts'
import { masterExtensions } from '../manifest/presets.ts'
import type { ProjectPaths } from './paths.ts'

const debug = createDebug('store')

/** Other files are not candidates: their extension would become that of the master. */
const CANDIDATE = new RegExp(String.raw`^[1-9]\d{0,5}\.(${masterExtensions.join('|')})$`)

/** Identifies the pictures that a provider returned for one request of an asset. */
type CandidateSet = { asset: string; requestHash: string }

function folderOf(paths: ProjectPaths, { asset, requestHash }: CandidateSet): string {
  return join(paths.state, 'candidates', asset, requestHash.slice(0, 16))
}

/**
 * Saves the pictures of one request as candidates, numbered after the existing ones. Reuses the
 * numbers of candidates that a crashed run saved before.
 *
 * @returns their numbers, from 1
 * @throws LimnError `store/read-only`, `store/no-space`, `store/failed`
 */
export async function saveCandidates(
  paths: ProjectPaths,
  {
    pictures,
    extension,
    ...set
  }: CandidateSet & {
    pictures: readonly Uint8Array[]
    /** Without the dot. */
    extension: string
  },
): Promise<number[]> {
  const existing = listCandidates(paths, set)
  const unmatched = [...existing].map(([number, file]) => ({
    number,
    digest: readDigest(paths, file),
  }))
  let last = Math.max(0, ...existing.keys())
  const numbers: number[] = []
  for (const bytes of pictures) {
    const digest = pictureDigest(bytes)
    // Each candidate matches one picture only: a server may return the same picture twice.
    const at = unmatched.findIndex((candidate) => candidate.digest === digest)
    const number = at < 0 ? ++last : unmatched.splice(at, 1)[0]!.number
    if (at < 0) {
      await writeFileAtomic(paths.root, join(folderOf(paths, set), `${number}.${extension}`), bytes)
    }
    numbers.push(number)
  }
  debug('%s: saved candidates %o', set.asset, numbers)
  return numbers
}

/** Computes the digests of a request's candidates; skips unreadable ones. */
export function candidateDigests(paths: ProjectPaths, set: CandidateSet): string[] {
  return [...listCandidates(paths, set).values()].flatMap((file) => readDigest(paths, file) ?? [])
}

/** Computes the digest of a picture; `undefined` if it can't be read. `file` is absolute. */
export function readDigest({ root }: ProjectPaths, file: string): string | undefined {
  try {
    return pictureDigest(readInside(root, file, maxBytes.picture))
  } catch {
    return undefined
  }
}

/** Lists the paths of a request's candidates in numeric order: relative to the root, with `/`. */
export function candidatePaths(
  paths: ProjectPaths,
  { asset, request }: { asset: string; request: ImageRequest },
): string[] {
  const candidates = listCandidates(paths, { asset, requestHash: hashRequest(request) })
  return [...candidates.values()].map((file) => relative(paths.root, file).replaceAll('\\', '/'))
}

/** Lists the absolute paths of a request's candidates by number, in numeric order. */
export function listCandidates(paths: ProjectPaths, set: CandidateSet): Map<number, string> {
  const folder = folderOf(paths, set)
  try {
    const files = listInside(paths.root, folder)
      .map(({ name }) => name)
      .filter((name) => CANDIDATE.test(name))
    return new Map(
      files
        .map((name): [number, string] => [Number.parseInt(name, 10), join(folder, name)])
        .sort(([a], [b]) => a - b),
    )
  } catch {
    return new Map()
  }
}
