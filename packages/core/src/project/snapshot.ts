import { join, relative } from 'node:path'
import { type FileDigests, openFileDigests } from '../cache/file-digests.ts'
import { codeFrame, type Diagnostic, type Place } from '../diagnostic.ts'
import { maxBytes, readTextInside } from '../disk/read-inside.ts'
import { readStamp, type Stamp } from '../disk/stamps.ts'
import { expectationsOf } from '../identity/expectation-hash.ts'
import { readLock } from '../lock/file.ts'
import type { Lock } from '../lock/lock.ts'
import { ManifestError } from '../manifest/manifest-error.ts'
import type { Asset, Manifest, Output, ProviderId } from '../manifest/manifest.ts'
import { overlayFiles, parsePackageFont } from '../manifest/overlay.ts'
import type { Texts } from '../manifest/read-text.ts'
import {
  type DataPlaces,
  type Followed,
  type Include,
  readManifest,
  type ReadManifest,
} from '../manifest/read.ts'
import { DRAFT_PROFILE } from '../manifest/resolve/profiles.ts'
import type { Inventory } from '../plan/inventory.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { ignoreCacheFolder } from '../store/state-folder.ts'
import { takeInventory } from '../store/take-inventory.ts'
import { withInputSizes } from './input-sizes.ts'

/** The state of a project at one moment. */
export type Snapshot = {
  manifest: Manifest
  lock: Lock
  inventory: Inventory
  warnings: Diagnostic[]
}

/** A snapshot, the digests of the files on disk, and what the manifest was read from. */
export type FullSnapshot = Snapshot & {
  digests: FileDigests
  /** SHA-256 of everything that the manifest was read from. */
  digest: string
  include: Include | undefined
  /** Where the manifest's data files are; `undefined` if it names none. */
  data: DataPlaces | undefined
}

type ReadSnapshotOptions = {
  paths: ProjectPaths
  provider: ProviderId | undefined
  profile: string | undefined
  /**
   * Receives the files and folders that the manifest was read from and the pictures that it names,
   * absolute, even if the manifest has mistakes.
   */
  onFollow: (followed: Followed) => void
  /** Texts of manifest files to read in place of those on the disk. */
  texts?: Texts | undefined
  /**
   * Receives every file and folder that the snapshot depends on, relative to the root, with its
   * stamp from before it was read. Included manifests and data files are left out.
   */
  onDependency?: (path: string, stamp: Stamp) => void
}

/**
 * Reads manifest, lockfile and disk. Writes only the cache.
 *
 * @throws ManifestError, LimnError
 */
export async function readSnapshot({
  paths,
  provider,
  profile,
  onFollow,
  texts,
  onDependency = () => {},
}: ReadSnapshotOptions): Promise<FullSnapshot> {
  for (const path of [paths.manifest, paths.lock]) {
    onDependency(relative(paths.root, path), readStamp(path))
  }
  const read = await readManifest({
    path: paths.manifest,
    shownPath: paths.shownManifest,
    cacheDir: paths.cache,
    provider,
    profile,
    texts,
  })
  onFollow(followedFiles(read, paths))
  const { manifest, diagnostics, digest, include, data } = read
  if (manifest === undefined) throw new ManifestError(diagnostics)
  const lock = readLock(paths.lock, paths.masters)
  if (profile === DRAFT_PROFILE) {
    manifest.out = null
    manifest.emit = null
    delete manifest.atlases
    manifest.masters = 'git'
  }
  const digests = openFileDigests(paths.root, paths.cache)
  const sources = sourcesOf(manifest.assets)
  const taken = takeInventory({
    paths,
    digests,
    out: manifest.out,
    outFiles: outFilesOf(manifest.assets, manifest.out),
    sources: sources.map(({ path }) => path),
    isJudged: needsJudge(manifest.assets),
    onDependency,
  })
  const missing = sources.filter(({ path }) => !taken.sources.has(path))
  if (missing.length > 0) {
    throw new ManifestError(missing.map(({ path, place }) => missingFile(path, place, paths)))
  }
  if (haveOverlays(manifest.assets)) {
    const { withOverlayFiles } = await import('./overlay-files.ts')
    const { root } = paths
    const { sources: facts } = taken
    manifest.assets = withOverlayFiles(manifest.assets, { root, sources: facts, onDependency })
  }
  const inventory = await withInputSizes(taken, { assets: manifest.assets, lock }, paths)
  digests.save()
  ignoreCacheFolder(paths)
  if (digests.own.size > 0) {
    onDependency(relative(paths.root, digests.file), readStamp(digests.file))
  }
  return { manifest, lock, inventory, digests, digest, include, data, warnings: diagnostics }
}

/** Returns whether the judge examines the picture of an asset. */
export function needsJudge(assets: readonly Asset[]): boolean {
  return assets.some(({ expect }) => expectationsOf(expect, 'judge') !== undefined)
}

/**
 * Returns the files that assets name as their source, as inputs and in overlays, and where the
 * manifest names each.
 */
export function sourcesOf(assets: readonly Asset[]): { path: string; place: Place }[] {
  // Many overlays share their files.
  const seen = new Set<string>()
  return assets.flatMap(({ source, inputs, outputs, place: named }) => [
    ...(source === null ? [] : [source]),
    ...overlaySources(outputs, seen).map((path) => ({ path, place: named })),
    ...inputs.flatMap(({ kind, target, place }) =>
      kind === 'file' ? [{ path: target, place }] : [],
    ),
  ])
}

/** Returns the files of the project that overlays are made from, and that are not in `seen` yet. */
function overlaySources(outputs: readonly Output[], seen: Set<string>): string[] {
  return outputs.flatMap(({ overlay }) =>
    overlay === undefined
      ? []
      : overlayFiles(overlay).filter(
          (path) => parsePackageFont(path) === undefined && seen.size < seen.add(path).size,
        ),
  )
}

/** Returns whether any asset has an overlay. */
export function haveOverlays(assets: readonly Asset[]): boolean {
  return assets.some(({ outputs }) => outputs.some(({ overlay }) => overlay !== undefined))
}

/** Returns the files that assets have in the `out` folder, relative to it. */
export function outFilesOf(assets: readonly Asset[], out: string | null): string[] {
  return out === null
    ? []
    : assets.flatMap(({ name, outputs }) => outputs.map(({ file }) => `${name}/${file}`))
}

function followedFiles(
  { followed, manifest }: Pick<ReadManifest, 'followed' | 'manifest'>,
  { root }: ProjectPaths,
): Followed {
  const sources = sourcesOf(manifest?.assets ?? []).map(({ path }) => path)
  return {
    files: [...followed.files, ...sources].map((file) => join(root, file)),
    folders: followed.folders.map((folder) => join(root, folder)),
    manifests: followed.files.map((file) => join(root, file)),
  }
}

function missingFile(
  path: string,
  place: Place,
  { root, shownManifest }: ProjectPaths,
): Diagnostic {
  const frame = codeFrame(readTextInside(root, place.file, maxBytes.text), place)
  return {
    code: 'manifest/missing-file',
    severity: 'error',
    message: `There is no file ${path} inside the project.`,
    hint: `Check the path: it is relative to ${place.file === shownManifest ? 'the manifest' : place.file}.`,
    place,
    frame,
  }
}
