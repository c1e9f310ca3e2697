import { join, relative } from 'node:path'
import { formatStamps, isStable, readStamp, type Stamps } from '../../disk/stamps.ts'
import { tryWriteFile } from '../../disk/write-atomic.ts'
import type { ProviderId } from '../../manifest/manifest.ts'
import { DRAFT_PROFILE } from '../../manifest/resolve/profiles.ts'
import { createPlan } from '../../plan/create-plan.ts'
import { draftPaths, type ProjectPaths } from '../../store/paths.ts'
import { look } from '../snapshot.ts'
import { type Memory, memoryFiles, type WholePlan } from './plan-cache.ts'

export type PlanOptions = {
  paths: ProjectPaths
  provider: ProviderId | undefined
  profile: string | undefined
  /** What the plan is remembered under. */
  key: string
}

/**
 * Works out the plan of a whole project from its files, and remembers it. @throws ManifestError,
 * LimnError
 */
export async function planAll({
  paths: whole,
  provider,
  profile,
  key,
}: PlanOptions): Promise<WholePlan> {
  const isDraft = profile === DRAFT_PROFILE
  const paths = isDraft ? draftPaths(whole) : whole
  const time = Date.now()
  const stamps: Stamps = new Map()
  let folders: string[] = []
  const { manifest, lock, inventory, digest, include, warnings } = await look({
    paths,
    provider,
    profile,
    onFollow: (followed) => ({ folders } = followed),
    onSee: (path, stamp) => stamps.set(path, stamp),
  })
  const plan = createPlan({ manifest, lock, inventory })
  const root = relative(paths.root, paths.manifest)
  const texts = [
    root,
    ...new Set(
      [...manifest.files.slice(1), ...folders.map((folder) => relative(paths.root, folder))].filter(
        (path) => !stamps.has(path),
      ),
    ),
  ]
  for (const path of texts.slice(1)) stamps.set(path, readStamp(join(paths.root, path)))
  // What lies in the journal or is waited for goes through many hands: it is looked at each time.
  if (
    !isDraft &&
    inventory.journal.size === 0 &&
    inventory.inBatch.size === 0 &&
    areCertain(stamps, time)
  ) {
    const ofTexts = Object.fromEntries(texts.map((path) => [path, stamps.get(path)!]))
    const memory: Memory = {
      key,
      mark: Math.random(),
      stamps: ofTexts,
      texts,
      digest,
      own: Object.fromEntries(inventory.ownDigests),
      include: include?.isDeep === true ? include : undefined,
      plan,
      warnings,
      currency: manifest.currency,
    }
    for (const path of texts) stamps.delete(path)
    // The stamps first: a plan whose mark is not theirs counts for nothing.
    tryWriteFile(memoryFiles(paths).stamps, formatStamps(memory.mark, stamps))
    writeMemory(paths, memory)
  }
  return { plan, warnings, currency: manifest.currency }
}

/**
 * Whether no change after a time, ms since 1970, can leave these stamps, and they can be written
 * down.
 */
export function areCertain(stamps: Stamps, time: number): boolean {
  return [...stamps].every(([path, stamp]) => isStable(stamp, time) && !path.includes('\n'))
}

export function writeMemory(paths: ProjectPaths, memory: Memory): void {
  tryWriteFile(memoryFiles(paths).plan, JSON.stringify(memory))
}
