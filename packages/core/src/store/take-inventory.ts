import { lstatSync, readdirSync, realpathSync, statSync, type Stats } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import type { FileDigests } from '../cache/file-digests.ts'
import { readIfExists } from '../disk/read-errors.ts'
import { readStamp, type Stamp, stampOf } from '../disk/stamps.ts'
import type { FileFact, Inventory } from '../plan/inventory.ts'
import { readBatchRecords, sentTimesByRequest } from './batch-records.ts'
import { listJournal, listShelf } from './journal.ts'
import type { ProjectPaths } from './paths.ts'

export type InventoryOptions = {
  paths: ProjectPaths
  index: Pick<FileDigests, 'digest' | 'own'>
  /** Masters to look for, relative to the root. Default: whatever is there. */
  masters?: Iterable<string> | undefined
  /** The folder of finished files, relative to the root; `null` where they stay in the cache. */
  out: string | null
  /** Files to look for in it, relative to it. */
  outFiles: Iterable<string>
  /** Files that assets name, relative to the root. */
  sources: Iterable<string>
  /**
   * Told of everything that the inventory depends on, with its stamp from before it was looked
   * into.
   */
  onSee: (path: string, stamp: Stamp) => void
}

/**
 * Looks at what stands on the disk: masters, outputs, journal. Changes nothing but the index in
 * memory. @throws LimnError `store/unreadable`, `store/failed`
 */
export function takeInventory({
  paths,
  index,
  masters,
  out,
  outFiles,
  sources,
  onSee,
}: InventoryOptions): Inventory {
  const { root } = paths
  const seeFolder = (path: string): void => onSee(relative(root, path), readStamp(path))
  for (const folder of [paths.journal, paths.shelf, paths.batches]) seeFolder(folder)
  // Where finished files lie in `out`, the cache decides nothing.
  if (out === null) seeFolder(paths.outputs)
  const links = new Set<string>()
  return {
    mastersFolder: paths.masters,
    masters:
      masters === undefined
        ? listFiles(root, paths.masters, { index, links, onSee })
        : findMasters(root, paths.masters, masters, { index, links, onSee }),
    links,
    sources: readSources(root, sources, index, onSee),
    cached: new Set(out === null ? readNames(paths.outputs) : []),
    out: out === null ? null : findFiles(root, out, outFiles, index, onSee),
    ownDigests: index.own,
    journal: listJournal(paths.journal),
    shelf: listShelf(paths.shelf),
    inBatch: sentTimesByRequest(readBatchRecords(paths.batches)),
  }
}

type OnSee = InventoryOptions['onSee']
type Index = Pick<FileDigests, 'digest'>

/**
 * The files that are there, of those that assets name. Links that lead out of the project are left
 * out.
 */
function readSources(
  root: string,
  sources: Iterable<string>,
  index: Index,
  onSee: OnSee,
): Map<string, FileFact> {
  const facts = new Map<string, FileFact>()
  for (const path of new Set(sources)) {
    const stat = readIfExists(path, () => statSync(join(root, path)))
    onSee(path, stampOf(stat))
    if (stat?.isFile() !== true) continue
    const real = relative(realpathSync(root), realpathSync(join(root, path)))
    if (!real.startsWith('..') && !isAbsolute(real)) {
      facts.set(path, { bytes: stat.size, sha256: index.digest(path, stat) })
    }
  }
  return facts
}

/** The files that are there, of those that are looked for in a folder; empty for the root. */
function findFiles(
  root: string,
  folder: string,
  files: Iterable<string>,
  index: Index,
  onSee: OnSee,
): Map<string, FileFact> {
  const facts = new Map<string, FileFact>()
  const above = join(root, '/')
  for (const file of files) {
    const path = folder === '' ? file : `${folder}/${file}`
    const stat = lookAt(above, path)
    onSee(path, stampOf(stat))
    if (stat?.isFile() === true) {
      facts.set(file, { bytes: stat.size, sha256: index.digest(path, stat) })
    }
  }
  return facts
}

/** What stands at a path, itself and not what it leads to; `undefined` where nothing does. */
function lookAt(above: string, path: string): Stats | undefined {
  return readIfExists(path, () => lstatSync(above + path, { throwIfNoEntry: false }))
}

type MastersOptions = { index: Index; links: Set<string>; onSee: OnSee }

/**
 * The masters that are there, of those that are looked for: not through links, which `listFiles`
 * does not follow either.
 */
function findMasters(
  root: string,
  folder: string,
  paths: Iterable<string>,
  { index, links, onSee }: MastersOptions,
): Map<string, FileFact> {
  // The folder itself may be a link.
  let realFolder: string | undefined
  const isWithin = (path: string): boolean =>
    realpathSync(join(root, path)) ===
    join((realFolder ??= realpathSync(join(root, folder))), relative(folder, path))
  const wanted = [...paths]
  const facts = new Map<string, FileFact>()
  for (const [path, fact] of findFiles(root, '', wanted, index, onSee)) {
    if (isWithin(path)) facts.set(path, fact)
    else links.add(path)
  }
  for (const path of wanted) {
    if (!facts.has(path) && lookAt(join(root, '/'), path)?.isSymbolicLink() === true) {
      links.add(path)
    }
  }
  return facts
}

/** Every file below a folder with its digest; hidden files are left out, and links only noted. */
function listFiles(
  root: string,
  folder: string,
  { index, links, onSee }: MastersOptions,
): Map<string, FileFact> {
  const facts = new Map<string, FileFact>()
  const above = join(root, '/')
  const walk = (parent: string): void => {
    onSee(parent, readStamp(join(root, parent)))
    for (const child of readIfExists(parent, () =>
      readdirSync(above + parent, { withFileTypes: true }),
    ) ?? []) {
      if (child.name.startsWith('.')) continue
      const path = `${parent}/${child.name}`
      if (child.isSymbolicLink()) links.add(path)
      if (child.isDirectory()) walk(path)
      if (!child.isFile()) continue
      const stat = lookAt(above, path)
      if (stat === undefined) continue
      onSee(path, stampOf(stat))
      facts.set(path, { bytes: stat.size, sha256: index.digest(path, stat) })
    }
  }
  walk(folder)
  return facts
}

/** The files of the cache: what can't be read there is worked out again. */
function readNames(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
