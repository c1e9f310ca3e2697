import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type PQueue from 'p-queue'
import { openPlaceholders } from '../cache/placeholders.ts'
import { findOutput, keepOutput, loadCutter, openMaster } from '../derive/cut-output.ts'
import type { Cutter } from '../derive/cutter.ts'
import { sha256 } from '../digest.ts'
import { tryWriteFile } from '../disk/write-atomic.ts'
import { hashRecipe } from '../identity/recipe.ts'
import { hashRequest, type ImageRequest, requestOf } from '../identity/request.ts'
import type { LockEntry } from '../lock/lock.ts'
import type { Asset, Output } from '../manifest/manifest.ts'
import { findModel, LOCAL_MODEL } from '../models/models.ts'
import { chooseSize, formatSize, parseSize } from '../models/size.ts'
import { cacheName } from '../plan/plan-outputs.ts'
import type { ImageProvider } from '../providers/provider.ts'
import { isCached } from '../store/output-files.ts'
import type { ProjectPaths } from '../store/paths.ts'

/**
 * Files on demand, for dev servers and builds: each is encoded once, however often and from however
 * many sides it is asked for.
 */
export type OutputService = {
  /** One output of a locked master: from the cache, else cut now. */
  final(entry: LockEntry, output: Output): Promise<ServedFile>
  /** Loads what cuts, where nothing was ever cut: there the first page asks for it. */
  warmUp(): void
  /**
   * Gets ready to cut an output of a master that is about to be asked for, where the cache has
   * none. What is wrong with the master is told when it is asked for.
   */
  expect(entry: LockEntry, output: Output): void
  /**
   * One output of the stand-in that the embedded provider draws for an asset without a picture.
   * Never locked.
   */
  draft(asset: Asset, output: Output): Promise<ServedFile>
  /**
   * An unfinished picture in an output's shape: a WebP, whatever the output's format. Nothing of it
   * reaches the disk. @throws LimnError `picture/unreadable`
   */
  partial(picture: Uint8Array, output: Output): Promise<Buffer>
  /** Gets ready to give the stand-ins of some pictures. */
  loadPlaceholders(thumbhashes: readonly string[]): Promise<void>
  /**
   * The stand-in of a picture, drawn from its ThumbHash (base64), as a data URL. It has to have
   * been among those loaded.
   */
  placeholder(thumbhash: string): string
  /** Waits until nothing is being cut or written any more. */
  close(): Promise<void>
}

export type ServedFile = { bytes: Buffer; recipe: string }

/** Decoded masters that are kept at a time: more would cost more memory than they save time. */
const OPEN_MASTERS = 4
/** Longest edge of a draft, px: it stands in, it is not looked at closely. */
const DRAFT_EDGE = 1024

/** Starts the service of a project. */
export function createOutputService(paths: ProjectPaths): OutputService {
  let cutting: Promise<PQueue> | undefined
  /** Puts work in line, and what it takes is loaded when there is some. */
  const inLine = async <T>(work: () => Promise<T>): Promise<T> => {
    cutting ??= import('p-queue').then(
      ({ default: Queue }) => new Queue({ concurrency: availableParallelism() }),
    )
    return (await cutting).add(work)
  }
  const placeholders = openPlaceholders(paths.cache)
  const inFlight = new Map<string, Promise<ServedFile>>()
  const keeping = new Set<Promise<void>>()
  const cutterByMaster = new Map<string, Promise<Cutter>>()
  const roughsByPicture = new WeakMap<Uint8Array, Map<string, Promise<Buffer>>>()
  /** Digests alone: the pictures of a long day would fill the memory. */
  const draftByRequest = new Map<string, Promise<string>>()
  let provider: ImageProvider | undefined
  /** Whether a master is being opened for what has not been asked for yet. */
  let isExpecting = false

  const openOnce = (key: string, open: () => Promise<Cutter>): Promise<Cutter> => {
    const known = cutterByMaster.get(key)
    if (known !== undefined) return known
    const cutter = open()
    cutterByMaster.set(key, cutter)
    cutter.catch(() => cutterByMaster.delete(key))
    if (cutterByMaster.size > OPEN_MASTERS) {
      cutterByMaster.delete(cutterByMaster.keys().next().value!)
    }
    return cutter
  }
  const file = async (
    recipe: string,
    output: Output,
    getCutter: () => Promise<Cutter>,
  ): Promise<ServedFile> => {
    const running = inFlight.get(recipe)
    if (running !== undefined) return running
    const cached = findOutput({ paths, recipe, output })
    if (cached !== undefined) return { bytes: cached, recipe }
    const served = inLine(async () => ({
      bytes: (await (await getCutter())(output)).bytes,
      recipe,
    }))
    inFlight.set(recipe, served)
    // Nobody waits for the cache. Until the file is there, it is given from here.
    const kept = served
      .then(
        ({ bytes }) => keepOutput({ paths, recipe, output, bytes }),
        () => {},
      )
      .finally(() => {
        inFlight.delete(recipe)
        keeping.delete(kept)
      })
    keeping.add(kept)
    return served
  }
  const draw = (request: ImageRequest): Promise<string> => {
    const hash = hashRequest(request)
    const known = draftByRequest.get(hash)
    if (known !== undefined) return known
    const drawn = readDraft(request).then(sha256)
    draftByRequest.set(hash, drawn)
    drawn.catch(() => draftByRequest.delete(hash))
    return drawn
  }
  const readDraft = async (request: ImageRequest): Promise<Uint8Array> => {
    const path = join(paths.cache, 'drafts', `${hashRequest(request)}.png`)
    const cached = await readFile(path).catch(() => undefined)
    if (cached !== undefined && cached.length > 0) return cached
    provider ??= (await import('../providers/local/local.ts')).createLocalProvider()
    const [bytes] = (await provider.generate(request, {})).images
    tryWriteFile(path, bytes!)
    return bytes!
  }

  return {
    final(entry, output) {
      const recipe = hashRecipe(entry.master.sha256, output)
      return file(recipe, output, () =>
        openOnce(entry.master.sha256, () => openMaster(paths.root, entry)),
      )
    },
    warmUp() {
      if (existsSync(paths.outputs)) return
      // Why it can't be loaded is told when it is needed.
      Promise.all([loadCutter(), import('p-queue')]).catch(() => {})
    },
    expect(entry, output) {
      const { sha256: digest } = entry.master
      // One at a time, and no more than are kept: to open others would hold up what is asked for first.
      if (
        isExpecting ||
        cutterByMaster.size >= OPEN_MASTERS ||
        isCached(paths, cacheName(hashRecipe(digest, output), output))
      ) {
        return
      }
      isExpecting = true
      const done = (): void => void (isExpecting = false)
      openOnce(digest, () => inLine(() => openMaster(paths.root, entry))).then(done, done)
    },
    async draft(asset, output) {
      const request = draftRequest(asset)
      const digest = await draw(request)
      return file(hashRecipe(digest, output), output, () =>
        openOnce(digest, async () => {
          const [{ decode }, { createCutter }] = await Promise.all([
            import('../pictures/decode.ts'),
            import('../derive/cutter.ts'),
          ])
          return createCutter(await decode(await readDraft(request)))
        }),
      )
    },
    partial(picture, output) {
      const roughs = roughsByPicture.get(picture) ?? new Map<string, Promise<Buffer>>()
      roughsByPicture.set(picture, roughs)
      const known = roughs.get(output.file)
      if (known !== undefined) return known
      const rough = inLine(async () =>
        (await import('../derive/preview.ts')).cutPreview(picture, output),
      )
      roughs.set(output.file, rough)
      return rough
    },
    loadPlaceholders: (thumbhashes) => placeholders.load(thumbhashes),
    placeholder: (thumbhash) => placeholders.of(thumbhash),
    async close() {
      await (await cutting)?.onIdle()
      await Promise.all(keeping)
      placeholders.save()
      await provider?.close?.()
    },
  }
}

/** What the embedded provider is asked for a draft: the same prompt, small. */
export function draftRequest(asset: Asset): ImageRequest {
  const { width, height } = parseSize(asset.size)!
  const scale = Math.min(1, DRAFT_EDGE / Math.max(width, height))
  const size = chooseSize(
    { width: Math.round(width * scale), height: Math.round(height * scale) },
    findModel(LOCAL_MODEL)!.sizes,
  )
  const { inputs: _, ...request } = requestOf(asset)
  return {
    ...request,
    operation: 'generate',
    model: LOCAL_MODEL,
    quality: 'auto',
    format: 'png',
    size: formatSize(size),
  }
}
