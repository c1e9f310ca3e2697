import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { sha256 } from '../digest.ts'
import { removeEmptyFolders } from '../disk/remove-empty-folders.ts'
import { syncFolder } from '../disk/sync-folder.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { toWriteError } from '../disk/write-errors.ts'
import { hashRequest, type ImageRequest } from '../identity/request.ts'
import type { ProjectPaths } from './paths.ts'

/** Folder of the pictures that came for one request of an asset, side by side until one is picked. */
function folderOf(paths: ProjectPaths, asset: string, requestHash: string): string {
  return join(paths.state, 'candidates', asset, requestHash.slice(0, 16))
}

/**
 * Keeps the pictures that came for one request, after those that are there. What a run that died
 * had kept before stays as it is.
 *
 * @returns their numbers, from 1
 * @throws LimnError `store/read-only`, `store/no-space`, `store/failed`
 */
export async function saveCandidates(
  paths: ProjectPaths,
  asset: string,
  requestHash: string,
  pictures: readonly Uint8Array[],
  extension: string,
): Promise<number[]> {
  const before = listCandidates(paths, asset, requestHash)
  const left = [...before].map(([number, file]) => ({ number, digest: digestOf(file) }))
  let last = Math.max(0, ...before.keys())
  const numbers: number[] = []
  for (const bytes of pictures) {
    const digest = sha256(bytes)
    // Each stands for one: a server may draw the same twice.
    const at = left.findIndex((candidate) => candidate.digest === digest)
    const number = at < 0 ? ++last : left.splice(at, 1)[0]!.number
    if (at < 0) {
      await writeFileAtomic(
        join(folderOf(paths, asset, requestHash), `${number}.${extension}`),
        bytes,
      )
    }
    numbers.push(number)
  }
  return numbers
}

/** The digests of the candidates of a request that are kept. */
export function candidateDigests(
  paths: ProjectPaths,
  asset: string,
  requestHash: string,
): string[] {
  return [...listCandidates(paths, asset, requestHash).values()].flatMap(
    (file) => digestOf(file) ?? [],
  )
}

function digestOf(file: string): string | undefined {
  try {
    return sha256(readFileSync(file))
  } catch {
    return undefined
  }
}

/**
 * Lets the candidates of an asset follow its new name. @throws LimnError `store/read-only`,
 * `store/no-space`, `store/failed`
 */
export async function moveCandidates(paths: ProjectPaths, from: string, to: string): Promise<void> {
  const [source, target] = [from, to].map((name) => join(paths.state, 'candidates', name)) as [
    string,
    string,
  ]
  if (!existsSync(source) || existsSync(target)) return
  try {
    await mkdir(dirname(target), { recursive: true })
    await rename(source, target)
    await syncFolder(dirname(target))
    await removeEmptyFolders(join(paths.state, 'candidates'), dirname(source))
  } catch (error) {
    throw toWriteError(error, target)
  }
}

/**
 * Where the candidates of a request lie, in the order of their numbers: relative to the root, with
 * `/`.
 */
export function candidatePaths(
  paths: ProjectPaths,
  asset: string,
  request: ImageRequest,
): string[] {
  return [...listCandidates(paths, asset, hashRequest(request)).values()].map((file) =>
    relative(paths.root, file).replaceAll('\\', '/'),
  )
}

/** The candidates of a request by number, with their absolute paths. */
export function listCandidates(
  paths: ProjectPaths,
  asset: string,
  requestHash: string,
): Map<number, string> {
  const folder = folderOf(paths, asset, requestHash)
  try {
    const files = readdirSync(folder).filter((name) => /^\d+\.[a-z]+$/.test(name))
    return new Map(
      files
        .map((name): [number, string] => [Number.parseInt(name, 10), join(folder, name)])
        .sort(([a], [b]) => a - b),
    )
  } catch {
    return new Map()
  }
}
