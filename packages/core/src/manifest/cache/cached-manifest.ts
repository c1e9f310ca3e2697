import { dirname, join } from 'node:path'
import { sha256 } from '../../digest.ts'
import { maxBytes, readTextInside } from '../../disk/read-inside.ts'
import { tryWriteFile } from '../../disk/write-atomic.ts'
import { CACHE_VERSION } from '../../version.ts'
import type { FoundData } from '../data/find-data.ts'
import type { ProviderId } from '../manifest.ts'
import type { IncludedFiles } from '../read-included.ts'
import type { PackedManifest } from './columns.ts'

/** A file of a manifest. Plain data. */
export type ManifestText = {
  /** The path that diagnostics name. */
  path: string
  text: string
}

/** What a manifest included when it was read. Plain data. */
export type Include = { entries: string[] } & Pick<IncludedFiles, 'digest' | 'isDeep'>

/** The data files of a manifest when it was read. Plain data. */
type Data = {
  /** Paths and globs, relative to the root. */
  patterns: string[]
} & Pick<FoundData, 'digest'>

/** A resolved manifest with the text that it was read from. Plain data. */
export type CachedManifest = {
  /** What the manifest depends on in addition to its text. */
  key: string
  /** The files that it was read from, the root's first. */
  files: ManifestText[]
  manifest: PackedManifest
  include?: Include | undefined
  data?: Data | undefined
}

export type CacheOptions = {
  /** Absolute path of `images.yaml`. */
  path: string
  /** The path that messages name. */
  shownPath: string
  /** Absolute path of the cache folder. */
  cacheDir: string
  provider?: ProviderId | undefined
  profile?: string | undefined
}

/** Returns the cached manifest; `undefined` if it was read with other options, or is damaged. */
export function readCached(options: CacheOptions): CachedManifest | undefined {
  try {
    const cached = JSON.parse(
      readTextInside(dirname(options.path), fileOf(options), maxBytes.data),
    ) as CachedManifest
    const isValid =
      cached.key === keyOf(options) && cached.files.length > 0 && cached.manifest.assets.count >= 0
    return isValid ? cached : undefined
  } catch {
    return undefined
  }
}

/** Caches a manifest. A failure to write is ignored. */
export function writeCached(options: CacheOptions, read: Omit<CachedManifest, 'key'>): void {
  const cached: CachedManifest = { key: keyOf(options), ...read }
  tryWriteFile(dirname(options.path), fileOf(options), JSON.stringify(cached))
}

function fileOf({ path, cacheDir }: CacheOptions): string {
  return join(cacheDir, `manifest-${sha256(path).slice(0, 12)}.json`)
}

function keyOf({ shownPath, provider, profile }: CacheOptions): string {
  return JSON.stringify([CACHE_VERSION, provider ?? null, profile ?? null, shownPath])
}
