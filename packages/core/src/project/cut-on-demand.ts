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
  /** Whether so many masters are open that none should be opened in advance. */
  readonly hasMany: boolean
  open(master: OpenMaster, open: () => Promise<Cutter>): Promise<Cutter>
}

/** Digest and size of a master, px. */
type OpenMaster = { sha256: string; width: number; height: number }

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

/** Memory for the pixels of decoded masters: the latest is kept, and those before it that fit. */
const MAX_BYTES = 64 * 1024 * 1024
const BYTES_PER_PIXEL = 4
/** Number of open masters from which none is opened in advance. */
const MANY_CUTTERS = 4

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

/** Creates a cache that drops the cutters that were used least recently. */
export function createCutterCache(maxBytes: number = MAX_BYTES): CutterCache {
  const openByMaster = new Map<string, { cutter: Promise<Cutter>; bytes: number }>()
  const dropOldest = (): void => {
    let bytes = 0
    for (const [key, open] of [...openByMaster].toReversed()) {
      bytes += open.bytes
      if (bytes > maxBytes && bytes > open.bytes) openByMaster.delete(key)
    }
  }
  return {
    get hasMany() {
      return openByMaster.size >= MANY_CUTTERS
    },
    open({ sha256: key, width, height }, open) {
      const known = openByMaster.get(key)
      openByMaster.delete(key)
      const opened = known ?? { cutter: open(), bytes: width * height * BYTES_PER_PIXEL }
      openByMaster.set(key, opened)
      if (known === undefined) {
        opened.cutter.catch(() => openByMaster.delete(key))
        dropOldest()
      }
      return opened.cutter
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
