import { type Dirent, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import { listJournal, listShelf } from '../generate/journal.ts'
import type { FileFact, Inventory } from '../plan/inventory.ts'
import type { HashIndex } from './hash-index.ts'
import type { ProjectPaths } from './paths.ts'

/** Looks at what stands on the disk: masters, outputs, journal. Changes nothing but the index in memory. */
export function takeInventory(paths: ProjectPaths, index: HashIndex, out: string | null, sources: Iterable<string>): Inventory {
  return {
    mastersFolder: paths.masters,
    masters: listFiles(paths.root, paths.masters, index, (path) => path) ?? new Map<string, FileFact>(),
    sources: readSources(paths.root, sources, index),
    cached: new Set(readFolder(paths.outputs)?.map(({ name }) => name)),
    out: out === null ? null : listFiles(paths.root, out, index, (path) => path.slice(out.length + 1)),
    ownDigests: index.own,
    journal: listJournal(paths.journal),
    shelf: listShelf(paths.shelf),
  }
}

/** The files that are there, of those that assets name. Links that lead out of the project are left out. */
function readSources(root: string, sources: Iterable<string>, index: HashIndex): Map<string, FileFact> {
  const facts = new Map<string, FileFact>()
  for (const path of new Set(sources)) {
    const stat = statSync(join(root, path), { throwIfNoEntry: false })
    if (stat?.isFile() !== true) continue
    const real = relative(realpathSync(root), realpathSync(join(root, path)))
    if (!real.startsWith('..') && !isAbsolute(real)) facts.set(path, { bytes: stat.size, sha256: index.digest(path, stat) })
  }
  return facts
}

/** Every file below a folder with its digest; links and hidden files are left out. `null` where there is no such folder. */
function listFiles(root: string, folder: string, index: HashIndex, keyOf: (path: string) => string): Map<string, FileFact> | null {
  const entries = readFolder(join(root, folder))
  if (entries === undefined) return null
  const facts = new Map<string, FileFact>()
  const walk = (parent: string, children: Dirent[]): void => {
    for (const child of children) {
      if (child.name.startsWith('.')) continue
      const path = `${parent}/${child.name}`
      if (child.isDirectory()) walk(path, readFolder(join(root, path)) ?? [])
      if (!child.isFile()) continue
      const stat = lstatSync(join(root, path), { throwIfNoEntry: false })
      if (stat !== undefined) facts.set(keyOf(path), { bytes: stat.size, sha256: index.digest(path, stat) })
    }
  }
  walk(folder, entries)
  return facts
}

function readFolder(path: string): Dirent[] | undefined {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch {
    return undefined
  }
}
