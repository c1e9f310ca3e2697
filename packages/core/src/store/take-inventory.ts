import { lstatSync, statSync, type Stats } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import type { FileDigests, FileFact } from '../cache/file-digests.ts'
import { createFolderCheck, type FolderKind } from '../disk/folder-check.ts'
import { nameInCloud } from '../disk/pointer-file.ts'
import { readIfExists } from '../disk/read-errors.ts'
import { existsInside, eachNameInside, leadsOut, listInside } from '../disk/read-inside.ts'
import { isAscii, spell } from '../disk/spelling.ts'
import { readStamp, type Stamp, stampOf } from '../disk/stamps.ts'
import type { Inventory } from '../plan/inventory.ts'
import { readBatchRecords, sentTimesByRequest } from './batch-records.ts'
import { type CachedNames, createCachedNames } from './cached-names.ts'
import { listJournal } from './journal.ts'
import { listJudgments } from './judged-pictures.ts'
import type { ProjectPaths } from './paths.ts'
import { countLinked } from './pending-links.ts'
import { readSentSizes } from './sent-sizes.ts'
import { listShelf } from './shelf.ts'
import { readWrittenFiles } from './written-files.ts'

type InventoryOptions = {
  paths: ProjectPaths
  digests: Pick<FileDigests, 'fact' | 'own'>
  /** Masters to look for, relative to the root. Default: all existing ones. */
  masters?: Iterable<string> | undefined
  /** Folder of the outputs, relative to the root; `null` if they are only in the cache. */
  out: string | null
  /** Outputs to look for in `out`, relative to it. */
  outFiles: Iterable<string>
  /** Files that assets use as sources or inputs, relative to the root. */
  sources: Iterable<string>
  /** Whether an asset needs the judge, whose verdicts are kept. Default false. */
  isJudged?: boolean | undefined
  /**
   * Called for every file and folder that the inventory depends on, with its stamp from before it
   * was read. The path is relative to the root.
   */
  onDependency: (path: string, stamp: Stamp) => void
}

/** What the functions below read from, and report to. */
type Reader = {
  root: string
  digests: Pick<FileDigests, 'fact'>
  /** What a folder is, relative to the root. */
  kindOf: (folder: string) => FolderKind
  onDependency: InventoryOptions['onDependency']
}

/**
 * Reads what exists on the disk: masters, outputs, journal, shelf, pending batches. Writes nothing,
 * but caches digests in memory.
 *
 * @throws LimnError `store/unreadable`, `store/failed`
 */
export function takeInventory({
  paths,
  digests,
  masters,
  out,
  outFiles,
  sources,
  isJudged = false,
  onDependency,
}: InventoryOptions): Inventory {
  const { root } = paths
  const reader: Reader = { root, digests, kindOf: createFolderCheck(root), onDependency }
  for (const folder of [
    paths.journal,
    paths.shelf,
    paths.batches,
    ...(isJudged ? [paths.verdicts] : []),
    // If outputs are in `out`, the plan does not depend on the cache.
    ...(out === null ? [paths.outputs] : []),
  ]) {
    onDependency(relative(root, folder), readStamp(folder))
  }
  const batches = readBatchRecords(paths.batches)
  const sentSizes = readSentSizes(paths, batches)
  return {
    mastersFolder: paths.masters,
    ...(masters === undefined
      ? listMasters(reader, paths.masters)
      : findMasters(reader, { folder: paths.masters, paths: [...masters] })),
    sources: readSources(reader, sources),
    cached: listCached(paths, out),
    out: out === null ? null : findFiles(reader, { folder: out, files: outFiles }),
    ownDigests: digests.own,
    written: out === null ? new Set() : readWrittenFiles(paths),
    journal: listJournal(paths.journal),
    shelf: listShelf(paths.shelf),
    linked: countLinked(paths.journal),
    inBatch: sentTimesByRequest(batches),
    ...(sentSizes.size === 0 ? {} : { sentSizes }),
    ...(isJudged ? { verdicts: listJudgments(paths.verdicts) } : {}),
  }
}

/** Lists the cached outputs. If outputs are in `out`, the plan does not depend on the cache. */
function listCached({ root, outputs }: ProjectPaths, out: string | null): CachedNames {
  const names = createCachedNames()
  if (out === null) eachNameInside(root, outputs, names.add)
  return names
}

/** Reads the existing ones of some sources. Skips links that point outside the project. */
function readSources(
  { root, digests, kindOf, onDependency }: Reader,
  sources: Iterable<string>,
): Map<string, FileFact> {
  const factByPath = new Map<string, FileFact>()
  const prefix = join(root, '/')
  for (const path of new Set(sources)) {
    const name = spellBelow(root, path)
    const own = statOf(prefix, name)
    const isLink = own?.isSymbolicLink() === true
    const stat = isLink ? readIfExists(path, () => statSync(prefix + name)) : own
    onDependency(name, stampOf(stat))
    if (stat === undefined && isInCloud(root, path)) factByPath.set(path, IN_CLOUD)
    if (stat?.isFile() !== true || kindOf(parentOf(name)) === 'none') continue
    if (isLink && leadsOut(root, prefix + name)) continue
    factByPath.set(path, digests.fact(path, stat))
  }
  return factByPath
}

/**
 * Reads the existing ones of some files in a folder. Skips folders that lead out of the project.
 *
 * @param options.folder relative to the root; empty for the root itself
 */
function findFiles(
  { root, digests, kindOf, onDependency }: Reader,
  { folder, files }: { folder: string; files: Iterable<string> },
): Map<string, FileFact> {
  const factByPath = new Map<string, FileFact>()
  const prefix = join(root, '/')
  for (const file of files) {
    const path = folder === '' ? file : `${folder}/${file}`
    const name = spellBelow(root, path)
    const stat = statOf(prefix, name)
    onDependency(name, stampOf(stat))
    if (stat?.isFile() === true && kindOf(parentOf(name)) !== 'none') {
      factByPath.set(file, digests.fact(path, stat))
    }
  }
  return factByPath
}

/** Returns a path relative to the root as it is spelled on the disk. */
function spellBelow(root: string, path: string): string {
  return isAscii(path) ? path : relative(root, spell(join(root, path))).replaceAll(sep, '/')
}

function isInCloud(root: string, path: string): boolean {
  return existsInside(root, join(parentOf(path), `.${basename(path)}.icloud`))
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** Stats a path without following links; `undefined` if it is missing. */
function statOf(prefix: string, path: string): Stats | undefined {
  return readIfExists(path, () => lstatSync(prefix + path, { throwIfNoEntry: false }))
}

/** A file of which iCloud Drive keeps only the name on this machine. */
const IN_CLOUD: FileFact = { bytes: 0, sha256: '', pointer: 'icloud' }

type Masters = Pick<Inventory, 'masters' | 'links'>

/** Reads the existing ones of some masters. Does not follow links, like `listMasters`. */
function findMasters(
  reader: Reader,
  { folder, paths }: { folder: string; paths: readonly string[] },
): Masters {
  const { root, kindOf } = reader
  // The folder itself may be a link.
  const kindBelow = createFolderCheck(join(root, folder))
  const isWithoutLink = (path: string): boolean =>
    path.startsWith(`${folder}/`)
      ? kindBelow(parentOf(path.slice(folder.length + 1))) === 'plain'
      : kindOf(parentOf(path)) === 'plain'
  const masters = new Map<string, FileFact>()
  const links = new Set<string>()
  for (const [path, fact] of findFiles(reader, { folder: '', files: paths })) {
    if (isWithoutLink(path)) masters.set(path, fact)
    else links.add(path)
  }
  for (const path of paths) {
    if (masters.has(path)) continue
    const stat = statOf(join(root, '/'), path)
    if (stat === undefined && isInCloud(root, path)) masters.set(path, IN_CLOUD)
    const isLinked = stat?.isSymbolicLink() === true || kindOf(parentOf(path)) === 'none'
    if (stat !== undefined && isLinked) links.add(path)
  }
  return { masters, links }
}

/**
 * Reads every file below a folder. Skips hidden files and lists links without following them. A
 * folder that leads out of the project counts as empty: a run refuses to write to it.
 */
function listMasters({ root, digests, kindOf, onDependency }: Reader, folder: string): Masters {
  const masters = new Map<string, FileFact>()
  const links = new Set<string>()
  const prefix = join(root, '/')
  const walk = (parent: string): void => {
    onDependency(parent, readStamp(join(root, parent)))
    for (const child of readIfExists(parent, () => listInside(root, parent)) ?? []) {
      const inCloud = nameInCloud(child.name)
      if (inCloud !== undefined && !masters.has(`${parent}/${inCloud}`)) {
        masters.set(`${parent}/${inCloud}`, IN_CLOUD)
      }
      if (child.name.startsWith('.')) continue
      const path = `${parent}/${child.name}`
      const key = path.normalize('NFC')
      if (child.isSymbolicLink()) links.add(key)
      if (child.isDirectory()) walk(path)
      if (!child.isFile()) continue
      const stat = statOf(prefix, path)
      if (stat === undefined) continue
      onDependency(path, stampOf(stat))
      masters.set(key, digests.fact(path, stat))
    }
  }
  if (kindOf(folder) !== 'none') walk(folder)
  else onDependency(folder, readStamp(join(root, folder)))
  return { masters, links }
}
