import { availableParallelism } from 'node:os'
import type PQueue from 'p-queue'
import { createDebug, elapsed } from '../debug.ts'
import { findOutput, keepOutput } from '../derive/cut-output.ts'
import type { Cutter } from '../derive/cutter.ts'
import type { Output } from '../manifest/manifest.ts'
import type { ProjectPaths } from '../store/paths.ts'

const debug = createDebug('derive')

/** A file for a browser or a build, the hash of the recipe that made it, and whether it was cached. */
export type ServedFile = { bytes: Buffer; recipe: string; cached: boolean }

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
    /** What the file is cut from, for the log: the path of the master, or a noun phrase. */
    from: string
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

function logFile({
  from,
  output: { file },
  bytes,
  start,
  cached,
}: {
  from: string
  output: Output
  bytes: Buffer
  start: number
  cached: boolean
}): void {
  if (!debug.enabled) return
  const action = cached ? 'from the cache' : 'cut'
  debug('%s of %s: %s, %d bytes, %s', file, from, action, bytes.length, elapsed(start))
}

/** Creates the cutter of a project's files. */
export function createFileCutter(paths: ProjectPaths, queue: WorkQueue): FileCutter {
  const inFlight = new Map<string, Promise<ServedFile>>()
  const caching = new Set<Promise<void>>()
  return {
    async cut({ from, recipe, output, openCutter }) {
      const start = performance.now()
      const running = inFlight.get(recipe)
      if (running !== undefined) return running
      const cached = findOutput({ paths, recipe, output })
      if (cached !== undefined) {
        logFile({ from, output, bytes: cached, start, cached: true })
        return { bytes: cached, recipe, cached: true }
      }
      const served = queue.add(async () => {
        const cut = await openCutter()
        const { bytes } = await cut(output)
        logFile({ from, output, bytes, start, cached: false })
        return { bytes, recipe, cached: false }
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
