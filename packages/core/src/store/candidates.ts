import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileAtomic } from './atomic.ts'
import type { ProjectPaths } from './paths.ts'

/** Folder of the pictures that came for one request of an asset, side by side until one is picked. */
function folderOf(paths: ProjectPaths, asset: string, requestHash: string): string {
  return join(paths.state, 'candidates', asset, requestHash.slice(0, 16))
}

/** Keeps candidate `number`, from 1. */
export async function keepCandidate(paths: ProjectPaths, asset: string, requestHash: string, number: number, bytes: Uint8Array, extension: string): Promise<void> {
  await writeFileAtomic(join(folderOf(paths, asset, requestHash), `${number}.${extension}`), bytes)
}

/** The candidates of a request by number, with their absolute paths. */
export function listCandidates(paths: ProjectPaths, asset: string, requestHash: string): Map<number, string> {
  const folder = folderOf(paths, asset, requestHash)
  try {
    const files = readdirSync(folder).filter((name) => /^\d+\.[a-z]+$/.test(name))
    return new Map(files.map((name): [number, string] => [Number.parseInt(name, 10), join(folder, name)]).sort(([a], [b]) => a - b))
  } catch {
    return new Map()
  }
}
