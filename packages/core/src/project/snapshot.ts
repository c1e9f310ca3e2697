import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type FileDigests, openFileDigests } from '../cache/file-digests.ts'
import { codeFrame, type Diagnostic, type Place } from '../diagnostic.ts'
import { readStamp, type Stamp } from '../disk/stamps.ts'
import { readLock } from '../lock/file.ts'
import type { Lock } from '../lock/lock.ts'
import { ManifestError } from '../manifest/manifest-error.ts'
import type { Asset, Manifest, ProviderId } from '../manifest/manifest.ts'
import { type Followed, type Include, readManifest } from '../manifest/read.ts'
import { DRAFT_PROFILE } from '../manifest/resolve/profiles.ts'
import type { Inventory } from '../plan/inventory.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { takeInventory } from '../store/take-inventory.ts'

/** Everything that is known of a project at one moment. */
export type Snapshot = {
  manifest: Manifest
  lock: Lock
  inventory: Inventory
  warnings: Diagnostic[]
}

/** A snapshot with what a run needs beside it. */
export type Look = Snapshot & { index: FileDigests; digest: string; include: Include | undefined }

export type LookOptions = {
  paths: ProjectPaths
  provider: ProviderId | undefined
  profile: string | undefined
  /**
   * Told which files and folders the manifest was read from, also where it has mistakes, and which
   * pictures it names.
   */
  onFollow: (followed: Followed) => void
  /**
   * Told of every file and folder that the snapshot depends on, relative to the root, with its
   * stamp from before it was read; but for manifests that are included.
   */
  onSee?: (path: string, stamp: Stamp) => void
}

/**
 * Reads manifest, lock and disk. Writes only the cache.
 *
 * @throws ManifestError, LimnError
 */
export async function look({
  paths,
  provider,
  profile,
  onFollow,
  onSee = () => {},
}: LookOptions): Promise<Look> {
  for (const path of [paths.manifest, paths.lock]) {
    onSee(relative(paths.root, path), readStamp(path))
  }
  const read = await readManifest({
    path: paths.manifest,
    shownPath: paths.shownManifest,
    cacheDir: paths.cache,
    provider,
    profile,
  })
  const sources = sourcesOf(read.manifest?.assets ?? [])
  const files = [...read.followed.files, ...sources.map(({ path }) => path)]
  onFollow({
    files: files.map((file) => join(paths.root, file)),
    folders: read.followed.folders.map((folder) => join(paths.root, folder)),
  })
  if (read.manifest === undefined) throw new ManifestError(read.diagnostics)
  const lock = readLock(paths.lock, paths.masters)
  if (profile === DRAFT_PROFILE) read.manifest.out = null
  const index = openFileDigests(paths.root, paths.cache)
  const { out, assets } = read.manifest
  const inventory = takeInventory({
    paths,
    digests: index,
    out,
    outFiles: outFilesOf(assets, out),
    sources: sources.map(({ path }) => path),
    onDependency: onSee,
  })
  const missing = sources.filter(({ path }) => !inventory.sources.has(path))
  if (missing.length > 0) {
    throw new ManifestError(missing.map(({ path, place }) => missingFile(path, place, paths)))
  }
  index.save()
  if (index.own.size > 0) onSee(relative(paths.root, index.file), readStamp(index.file))
  return {
    manifest: read.manifest,
    lock,
    inventory,
    index,
    digest: read.digest,
    include: read.include,
    warnings: read.diagnostics,
  }
}

/** The files that assets are cut or made from, and where each is named. */
export function sourcesOf(assets: readonly Asset[]): { path: string; place: Place }[] {
  return assets.flatMap(({ source, inputs }) => [
    ...(source === null ? [] : [source]),
    ...inputs.flatMap(({ kind, target, place }) =>
      kind === 'file' ? [{ path: target, place }] : [],
    ),
  ])
}

/** The files that assets have in the `out` folder, relative to it. */
export function outFilesOf(assets: readonly Asset[], out: string | null): string[] {
  return out === null
    ? []
    : assets.flatMap(({ name, outputs }) => outputs.map(({ file }) => `${name}/${file}`))
}

function missingFile(
  path: string,
  place: Place,
  { root, shownManifest }: ProjectPaths,
): Diagnostic {
  const frame = codeFrame(readFileSync(join(root, place.file), 'utf8'), place)
  return {
    code: 'manifest/missing-file',
    severity: 'error',
    message: `There is no file ${path}, or it is no file inside the project.`,
    hint: `Check the path: it is relative to ${place.file === shownManifest ? 'the manifest' : place.file}.`,
    place,
    frame,
  }
}
