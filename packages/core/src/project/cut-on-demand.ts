import { availableParallelism } from 'node:os'
import type PQueue from 'p-queue'
import { findOutput, keepOutput } from '../derive/cut-output.ts'
import type { Cutter } from '../derive/cutter.ts'
import type { Output } from '../manifest/manifest.ts'
import type { ProjectPaths } from '../store/paths.ts'

/** A file for a browser or a build, and the hash of the recipe that made it. */
export type ServedFile = { bytes: Buffer; recipe: string }

/** Runs CPU-heavy work, as many jobs at a time as there are processors. */
export type WorkQueue = { add<T>(work: () => Promise<T>): Promise<T>; onIdle(): Promise<void> }

/** Cutters of decoded masters, each opened once. */
export type CutterCache = {
  readonly isFull: boolean
  open(key: string, open: () => Promise<Cutter>): Promise<Cutter>
}

/** Cuts files, each once at a time. */
type FileCutter = {
  /** Returns a file from the cache, or cuts it and caches it in the background. */
  cut(job: {
    recipe: string
    output: Output
    openCutter: () => Promise<Cutter>
  }): Promise<ServedFile>
  /** Waits until every file is cached. */
  onIdle(): Promise<void>
}

/** Number of decoded masters that are kept: more would cost more memory than they save time. */
const MAX_CUTTERS = 4

/** Creates a queue whose library is loaded when the first work is added. */
export function createWorkQueue(): WorkQueue {
  let queue: Promise<PQueue> | undefined
  return {
    async add<T>(work: () => Promise<T>): Promise<T> {
      queue ??= import('p-queue').then(
        ({ default: Queue }) => new Queue({ concurrency: availableParallelism() }),
      )
      return (await queue).add(work)
    },
    async onIdle() {
      await (await queue)?.onIdle()
    },
  }
}

/** Creates a cache that drops the oldest cutter. */
export function createCutterCache(): CutterCache {
  const cutterByMaster = new Map<string, Promise<Cutter>>()
  return {
    get isFull() {
      return cutterByMaster.size >= MAX_CUTTERS
    },
    open(key, open) {
      const known = cutterByMaster.get(key)
      if (known !== undefined) return known
      const cutter = open()
      cutterByMaster.set(key, cutter)
      cutter.catch(() => cutterByMaster.delete(key))
      if (cutterByMaster.size > MAX_CUTTERS) {
        cutterByMaster.delete(cutterByMaster.keys().next().value!)
      }
      return cutter
    },
  }
}

/** Creates the cutter of a project's files. */
export function createFileCutter(paths: ProjectPaths, queue: WorkQueue): FileCutter {
  const inFlight = new Map<string, Promise<ServedFile>>()
  const caching = new Set<Promise<void>>()
  return {
    async cut({ recipe, output, openCutter }) {
      const running = inFlight.get(recipe)
      if (running !== undefined) return running
      const cached = findOutput({ paths, recipe, output })
      if (cached !== undefined) return { bytes: cached, recipe }
      const served = queue.add(async () => {
        const cut = await openCutter()
        return { bytes: (await cut(output)).bytes, recipe }
      })
      inFlight.set(recipe, served)
      // No request waits for the cache: until the file is there, it is served from memory.
      const cachingFile = served
        .then(
          ({ bytes }) => keepOutput({ paths, recipe, output, bytes }),
          () => {},
        )
        .finally(() => {
          inFlight.delete(recipe)
          caching.delete(cachingFile)
        })
      caching.add(cachingFile)
      return served
    },
    async onIdle() {
      await Promise.all(caching)
    },
  }
}
