import { join } from 'node:path'
import { maxBytes, readTextInside } from '../../disk/read-inside.ts'
import type { Stamp } from '../../disk/stamps.ts'
import type { ProviderId } from '../../manifest/manifest.ts'
import type { Include } from '../../manifest/read.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import type { PlanResult } from '../options.ts'

/** What the plan of a whole project is cached for. */
export type CachedPlanOptions = {
  paths: ProjectPaths
  provider: ProviderId | undefined
  profile: string | undefined
  /** Key of the cached plan: a plan with another key is ignored. */
  key: string
}

/**
 * A plan as it is cached. It is valid while every file that it depends on has the stamp that was
 * stored with it.
 */
export type Memory = PlanResult & {
  key: string
  /** Random number that the file of stamps repeats: stamps with another mark belong to an old plan. */
  mark: number
  /** Stamps by path that override those in the file of stamps; always those of `texts`. */
  stamps: Record<string, Stamp>
  /**
   * The manifest files and the folders in which globs find more, relative to the root: everything
   * that only the manifest depends on.
   */
  texts: string[]
  /** Digest of the manifest, as in `ReadManifest`. */
  digest: string
  /** Digests from this machine's encoder that differ from the lockfile's, by recipe. */
  own: Record<string, string>
  /** Set only if stamps cannot tell which manifests are included. */
  include?: Include | undefined
}

/** Returns the cached plan with this key; `undefined` if there is none or it is unreadable. */
export function readMemory(paths: ProjectPaths, key: string): Memory | undefined {
  try {
    const memory = JSON.parse(
      readTextInside(paths.root, memoryFiles(paths).plan, maxBytes.data),
    ) as Memory
    return memory.key === key ? memory : undefined
  } catch {
    return undefined
  }
}

/** Returns the absolute paths of the files that store a plan and its stamps. */
export function memoryFiles({ cache, shownManifest }: ProjectPaths): {
  plan: string
  stamps: string
} {
  return {
    plan: join(cache, `${shownManifest}.plan.json`),
    stamps: join(cache, `${shownManifest}.stamps`),
  }
}
