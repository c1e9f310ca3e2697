import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeFrame, type Diagnostic, type Place } from './diagnostic.ts'
import { readLock } from './lock/file.ts'
import type { Lock } from './lock/lock.ts'
import type { Manifest, ProviderId } from './manifest/manifest.ts'
import { DRAFT_PROFILE } from './manifest/profiles.ts'
import { type Followed, readManifest } from './manifest/read.ts'
import type { Inventory } from './plan/inventory.ts'
import { type HashIndex, openHashIndex } from './store/hash-index.ts'
import { takeInventory } from './store/inventory.ts'
import type { ProjectPaths } from './store/paths.ts'

/** A manifest with mistakes, all of them. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError'
  readonly diagnostics: Diagnostic[]

  constructor(diagnostics: Diagnostic[]) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length
    super(`The manifest has ${errors === 1 ? 'a mistake' : `${errors} mistakes`}.`)
    this.diagnostics = diagnostics
  }
}

/** Everything that is known of a project at one moment. */
export type Snapshot = { manifest: Manifest; lock: Lock; inventory: Inventory; warnings: Diagnostic[] }

/** A snapshot with what a run needs beside it. */
export type Look = Snapshot & { index: HashIndex }

export type LookOptions = {
  paths: ProjectPaths
  provider: ProviderId | undefined
  profile: string | undefined
  /** Told which files and folders the manifest was read from, also where it has mistakes, and which pictures it names. */
  onFollow: (followed: Followed) => void
}

/**
 * Reads manifest, lock and disk. Writes only the cache.
 *
 * @throws ManifestError, LimnError
 */
export async function look({ paths, provider, profile, onFollow }: LookOptions): Promise<Look> {
  const read = await readManifest({ path: paths.manifest, shownPath: paths.shownManifest, cacheDir: paths.cache, provider, profile })
  const sources = (read.manifest?.assets ?? []).flatMap(({ source, inputs }) => [
    ...(source === null ? [] : [source]),
    ...inputs.flatMap(({ kind, target, place }) => (kind === 'file' ? [{ path: target, place }] : [])),
  ])
  const files = [...read.followed.files, ...sources.map(({ path }) => path)]
  onFollow({ files: files.map((file) => join(paths.root, file)), folders: read.followed.folders.map((folder) => join(paths.root, folder)) })
  if (read.manifest === undefined) throw new ManifestError(read.diagnostics)
  const lock = readLock(paths.lock, paths.masters)
  if (profile === DRAFT_PROFILE) read.manifest.out = null
  const index = openHashIndex(paths.root, paths.cache)
  const inventory = takeInventory(paths, index, read.manifest.out, sources.map(({ path }) => path))
  const missing = sources.filter(({ path }) => !inventory.sources.has(path))
  if (missing.length > 0) throw new ManifestError(missing.map(({ path, place }) => missingFile(path, place, paths)))
  index.save()
  return { manifest: read.manifest, lock, inventory, index, warnings: read.diagnostics }
}

function missingFile(path: string, place: Place, { root, shownManifest }: ProjectPaths): Diagnostic {
  const frame = codeFrame(readFileSync(join(root, place.file), 'utf8'), place)
  return { code: 'manifest/missing-file', severity: 'error', message: `There is no file ${path}, or it is no file inside the project.`, hint: `Check the path: it is relative to ${place.file === shownManifest ? 'the manifest' : place.file}.`, place, frame }
}
