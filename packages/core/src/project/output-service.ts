import { openPlaceholders } from '../cache/placeholders.ts'
import { loadCutter, openMaster } from '../derive/cut-output.ts'
import type { Cutter } from '../derive/cutter.ts'
import { hasQuickFile } from '../derive/quick-file.ts'
import { existsInside } from '../disk/read-inside.ts'
import { hashRecipe } from '../identity/recipe.ts'
import type { ImageRequest } from '../identity/request.ts'
import type { LockEntry } from '../lock/lock.ts'
import type { Asset, Output } from '../manifest/manifest.ts'
import { parseSize } from '../models/size.ts'
import { cacheName } from '../plan/plan-outputs.ts'
import { isProbablyCached } from '../store/output-files.ts'
import type { ProjectPaths } from '../store/paths.ts'
import {
  createCutterCache,
  createFileCutter,
  createWorkQueue,
  type CutterCache,
  type ServedFile,
  type WorkQueue,
} from './cut-on-demand.ts'
import { type DraftPictures, draftRequest, openDraftPictures } from './draft-pictures.ts'
import { createIdleWork } from './idle-work.ts'
import { createQuickFiles } from './quick-files.ts'

/** Files on demand, for dev servers and builds. Concurrent requests for a file encode it once. */
export type OutputService = {
  /** Returns one output of a locked master, from the cache or cut now. */
  final(entry: LockEntry, output: Output): Promise<ServedFile>
  /**
   * Returns one output of a locked master, for a page in dev: from the cache, or encoded with less
   * effort. The file that `final` returns follows in idle time.
   */
  soon(entry: LockEntry, output: Output): Promise<ServedFile>
  /** Loads the cutting code if the output cache is missing: then the first page needs it. */
  warmUp(): void
  /**
   * Opens a master that is about to be requested, if its output is not cached. Problems with the
   * master are reported by the request.
   */
  expect(entry: LockEntry, output: Output): void
  /**
   * Cuts outputs of a master that may be requested later, while nothing is requested. Keeps them in
   * the cache.
   */
  cutWhenIdle(entry: LockEntry, outputs: readonly Output[]): void
  /**
   * Returns one output of the draft that the embedded provider draws for an asset without a
   * picture. Never locked.
   */
  draft(asset: Asset, output: Output): Promise<ServedFile>
  /**
   * Returns a partial picture in the shape of an output, as WebP whatever the output's format.
   * Writes nothing to disk. @throws LimnError `picture/unreadable`
   */
  partial(picture: Uint8Array, output: Output): Promise<Buffer>
  /** Loads the placeholders of some pictures, given by their ThumbHashes in base64. */
  loadPlaceholders(thumbhashes: readonly string[]): Promise<void>
  /** Returns a placeholder as a data URL. It must have been loaded by `loadPlaceholders`. */
  placeholder(thumbhash: string): string
  /** Waits until nothing is being cut or written. */
  close(): Promise<void>
}

/** Creates the output service of a project. */
export function createOutputService(paths: ProjectPaths): OutputService {
  const queue = createWorkQueue()
  const files = createFileCutter(paths, queue)
  const cutters = createCutterCache()
  const drafts = openDraftPictures(paths)
  const placeholders = openPlaceholders(paths.root, paths.cache)
  const idle = createIdleWork()
  const openLocked = (entry: LockEntry): Promise<Cutter> =>
    cutters.open(entry.master, () => openMaster(paths.root, entry))
  const cutFinal = (entry: LockEntry, output: Output): Promise<ServedFile> =>
    files.cut({
      from: entry.master.path,
      recipe: hashRecipe(entry.master, output),
      output,
      openCutter: () => openLocked(entry),
    })
  const quick = createQuickFiles(paths, queue)
  const cutWhenIdle = (entry: LockEntry, output: Output): void => {
    const name = cacheName(hashRecipe(entry.master, output), output)
    idle.add(name, async () => isProbablyCached(paths, name) || (await cutFinal(entry, output)))
  }
  return {
    final(entry, output) {
      idle.onRequest()
      return cutFinal(entry, output)
    },
    async soon(entry, output) {
      idle.onRequest()
      if (!hasQuickFile(output)) return cutFinal(entry, output)
      const recipe = hashRecipe(entry.master, output)
      const file = await quick.read({ recipe, output, openCutter: () => openLocked(entry) })
      if (file.recipe !== recipe) cutWhenIdle(entry, output)
      return file
    },
    warmUp() {
      if (existsInside(paths.root, paths.outputs)) return
      // A failed load is reported by the request that needs it.
      Promise.all([loadCutter(), import('p-queue')]).catch(() => {})
    },
    expect: createPreopener({ paths, cutters, queue }),
    cutWhenIdle(entry, outputs) {
      for (const output of outputs) cutWhenIdle(entry, output)
    },
    async draft(asset, output) {
      idle.onRequest()
      const request = draftRequest(asset)
      const digest = await drafts.digest(request)
      return files.cut({
        from: 'a draft',
        recipe: hashRecipe({ sha256: digest, path: 'draft.png' }, output),
        output,
        openCutter: () =>
          cutters.open({ sha256: digest, ...parseSize(request.size)! }, () =>
            openDraft(drafts, request, paths.root),
          ),
      })
    },
    partial: createPartialCutter(queue),
    loadPlaceholders: (thumbhashes) => placeholders.load(thumbhashes),
    placeholder: (thumbhash) => placeholders.of(thumbhash),
    async close() {
      await idle.close()
      await queue.onIdle()
      await files.onIdle()
      placeholders.save()
      await drafts.close()
    },
  }
}

/** Creates `expect` of the service. */
function createPreopener({
  paths,
  cutters,
  queue,
}: {
  paths: ProjectPaths
  cutters: CutterCache
  queue: WorkQueue
}): OutputService['expect'] {
  let isOpening = false
  return (entry, output) => {
    // One at a time and only a few: others would delay what is requested first.
    if (
      isOpening ||
      cutters.hasMany ||
      isProbablyCached(paths, cacheName(hashRecipe(entry.master, output), output))
    ) {
      return
    }
    isOpening = true
    const done = (): void => void (isOpening = false)
    cutters
      .open(entry.master, () => queue.add(() => openMaster(paths.root, entry)))
      .then(done, done)
  }
}

/** Creates `partial` of the service. A partial picture is cut once per output file. */
function createPartialCutter(queue: WorkQueue): OutputService['partial'] {
  const cutsByPicture = new WeakMap<Uint8Array, Map<string, Promise<Buffer>>>()
  return (picture, output) => {
    const cuts = cutsByPicture.get(picture) ?? new Map<string, Promise<Buffer>>()
    cutsByPicture.set(picture, cuts)
    const known = cuts.get(output.file)
    if (known !== undefined) return known
    const cut = queue.add(async () =>
      (await import('../derive/preview.ts')).cutPreview(picture, output),
    )
    cuts.set(output.file, cut)
    return cut
  }
}

async function openDraft(
  drafts: DraftPictures,
  request: ImageRequest,
  root: string,
): Promise<Cutter> {
  const [{ decode }, { createCutter }] = await Promise.all([
    import('../pictures/decode.ts'),
    import('../derive/cutter.ts'),
  ])
  return createCutter(await decode(await drafts.read(request)), { root })
}
