import { createDebug, elapsed } from '../debug.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { sha256 } from '../digest.ts'
import {
  type CachedManifest,
  type CacheOptions,
  type Include,
  type ManifestText,
  readCached,
  writeCached,
} from './cache/cached-manifest.ts'
import { packManifest, unpackManifest } from './cache/columns.ts'
import type { Patched } from './cache/reread-changed.ts'
import type { FoundData } from './data/find-data.ts'
import { findIncluded } from './find-included.ts'
import type { Manifest } from './manifest.ts'
import type { IncludedFiles } from './read-included.ts'
import { readText, type Texts } from './read-text.ts'

const debug = createDebug('manifest')

export type { Include } from './cache/cached-manifest.ts'

/** `provider` overrides the manifest's; `profile` names the profile that overrides the run. */
type ReadManifestOptions = CacheOptions & { texts?: Texts | undefined }

export type ReadManifest = {
  /** `undefined` if the manifest has mistakes. */
  manifest: Manifest | undefined
  diagnostics: Diagnostic[]
  /** SHA-256 of everything that it was read from. */
  digest: string
  followed: Followed
  /** Present only if the manifest includes other files. */
  include?: Include | undefined
  /** Present only if the manifest names data files. */
  data?: DataPlaces | undefined
}

/** Where the data files of a manifest are. */
export type DataPlaces = Pick<FoundData, 'files' | 'folders' | 'isDeep'>

/** What a manifest was read from: a change of it can change the manifest. */
export type Followed = {
  /** Its files and data files, including those that are named but do not exist. */
  files: string[]
  /** Folders in which globs look for more. */
  folders: string[]
  /** Those of the files that are manifests or data files. Default: all. */
  manifests?: string[]
}

/** What was read before, and the files that its entries of `include` and its `from` lead to now. */
type Before = {
  cached: CachedManifest
  included: IncludedFiles | undefined
  data: FoundData | undefined
}

/**
 * Reads and resolves `images.yaml`. A manifest without mistakes is cached, so that reading it again
 * takes one JSON parse and loads neither `yaml` nor `zod`. If only some of its assets changed, only
 * those are parsed. Included files and data files are looked up each time.
 *
 * @throws LimnError `manifest/not-found`, `manifest/unreadable`
 */
export async function readManifest(options: ReadManifestOptions): Promise<ReadManifest> {
  const start = performance.now()
  const text = textOf(options)
  const cached = readCached(options)
  const before = cached === undefined ? undefined : await findBefore(cached, options)
  const known =
    before === undefined
      ? undefined
      : (reuse(text, before) ?? (await rereadChanged(text, before, options)))
  if (known === undefined) {
    const read = await readAnew(text, before, options)
    if (debug.enabled) logParsed(read, start)
    return read
  }
  const manifest = unpackManifest(known.manifest)
  if (debug.enabled) logReused(manifest, known, start)
  return {
    manifest,
    diagnostics: manifest.warnings,
    digest: known.digest,
    followed: followedOf(options.shownPath, before),
    include: known.include,
    data: before?.data,
  }
}

/** Returns the text of the root manifest. */
function textOf({ path, shownPath, texts }: ReadManifestOptions): string {
  return texts?.get(shownPath) ?? readText(path, shownPath)
}

function logParsed({ manifest, diagnostics, followed }: ReadManifest, start: number): void {
  const action = manifest === undefined ? 'parsed, with mistakes' : 'parsed'
  const { length: files } = followed.files
  const counts = `assets: ${manifest?.assets.length ?? 0}, diagnostics: ${diagnostics.length}`
  debug('%s: files: %d, %s, %s', action, files, counts, elapsed(start))
}

function logReused(
  { files, assets }: Manifest,
  { changed }: { changed?: string[] | undefined },
  start: number,
): void {
  const counts = `files: ${files.length}, assets: ${assets.length}, ${elapsed(start)}`
  if (changed === undefined) debug('read from the cache: %s', counts)
  else debug('parsed only %s: %s', changed.join(', '), counts)
}

type Reread = Patched & Pick<ReadManifest, 'digest' | 'include'>

/**
 * Reads only what changed in a manifest since it had a digest, if the changes are within some of
 * its assets.
 *
 * @param since as in `ReadManifest`
 * @returns `undefined` if more changed, if it is not known, or if the manifest has mistakes: use
 *   `readManifest`
 * @throws LimnError `manifest/not-found`, `manifest/unreadable`
 */
export async function rereadManifest(
  since: string,
  options: ReadManifestOptions,
): Promise<Reread | undefined> {
  const cached = readCached(options)
  // Another process that read it in the meantime may have cached changes that the caller missed.
  if (cached === undefined || cached.data !== undefined || digestOf(cached) !== since) {
    return undefined
  }
  const start = performance.now()
  const text = readText(options.path, options.shownPath)
  const reread = await rereadChanged(text, await findBefore(cached, options), options)
  if (debug.enabled && reread !== undefined) {
    debug('parsed only %s, %s', reread.changed.join(', '), elapsed(start))
  }
  return reread
}

async function findBefore(
  cached: CachedManifest,
  { path, texts }: ReadManifestOptions,
): Promise<Before> {
  const { include } = cached
  const included =
    include === undefined ? undefined : await findIncluded(path, include.entries, texts)
  const data =
    cached.data === undefined
      ? undefined
      : await (await import('./data/find-data.ts')).findData(path, cached.data.patterns, texts)
  return { cached, included, data }
}

/** Returns the cached manifest if nothing changed. */
function reuse(
  text: string,
  before: Before,
): (Omit<Reread, 'changed'> & { changed?: undefined }) | undefined {
  const { cached, included, data } = before
  const isSame =
    isSameRoot(text, before) &&
    cached.include?.digest === included?.digest &&
    cached.data?.digest === data?.digest
  return isSame
    ? { manifest: cached.manifest, digest: digestOf(cached), include: cached.include }
    : undefined
}

function isSameRoot(text: string, { cached }: Before): boolean {
  return cached.files[0]!.text === text
}

/**
 * Parses and caches only the assets that changed; `undefined` if more changed, or if the manifest
 * names data files.
 */
async function rereadChanged(
  text: string,
  { cached, included }: Before,
  options: ReadManifestOptions,
): Promise<Reread | undefined> {
  if (included !== undefined && included.problems.length > 0) return undefined
  if (cached.data !== undefined) return undefined
  const { patchManifest } = await import('./cache/reread-changed.ts')
  const { provider, profile } = options
  const files = filesOf(options.shownPath, text, included)
  const patched = patchManifest({ files, before: cached, provider, profile })
  if (patched === undefined) return undefined
  const include =
    cached.include === undefined ? undefined : { ...cached.include, digest: included!.digest }
  cache(options, { files, manifest: patched.manifest, include })
  return { ...patched, digest: digestOf({ files, include }), include }
}

/** Parses and resolves a whole manifest, and caches it if it has no mistakes. */
async function readAnew(
  text: string,
  before: Before | undefined,
  options: ReadManifestOptions,
): Promise<ReadManifest> {
  const { path, shownPath, provider, profile, texts } = options
  const { readWhole } = await import('./read-whole.ts')
  const isSame = before !== undefined && isSameRoot(text, before)
  const known = isSame ? before.included : undefined
  const { manifest, diagnostics, entries, included, patterns, data } = await readWhole(
    text,
    known,
    {
      findIncluded: (include) => findIncluded(path, include, texts),
      findData: async (named) => (await import('./data/find-data.ts')).findData(path, named, texts),
      shownPath,
      provider,
      profile,
    },
  )
  const files = filesOf(shownPath, text, included)
  const include =
    included === undefined
      ? undefined
      : { entries, digest: included.digest, isDeep: included.isDeep }
  const found = {
    files,
    include,
    data: data === undefined ? undefined : { patterns, digest: data.digest },
  }
  const read = {
    diagnostics,
    digest: digestOf(found),
    followed: followedOf(shownPath, { included, data }),
    data,
  }
  if (manifest === undefined) return { manifest, ...read }
  cache(options, { ...found, manifest: packManifest(manifest) })
  return { manifest, ...read, include }
}

/** Caches what was read, unless it is not on the disk. */
function cache(options: ReadManifestOptions, read: Omit<CachedManifest, 'key'>): void {
  if (options.texts === undefined) writeCached(options, read)
}

/** Returns the files of a manifest, the root's first. */
function filesOf(
  shownPath: string,
  text: string,
  included: IncludedFiles | undefined,
): ManifestText[] {
  return [{ path: shownPath, text }, ...(included?.files ?? [])]
}

function digestOf({
  files: [root],
  include,
  data,
}: Pick<CachedManifest, 'files' | 'include' | 'data'>): string {
  const others = [include, data].flatMap((part) => (part === undefined ? [] : [part.digest]))
  const own = sha256(root!.text)
  return others.length === 0 ? own : sha256([own, ...others].join(' '))
}

function followedOf(
  shownPath: string,
  { included, data }: Partial<Pick<Before, 'included' | 'data'>> = {},
): Followed {
  return {
    files: [shownPath, ...(included?.named ?? []), ...(data?.files ?? [])],
    folders: [...(included?.folders ?? []), ...(data?.folders ?? [])],
  }
}
