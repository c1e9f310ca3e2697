import { fs } from './node-builtins.ts'
import { noteFolder, realPathInside } from './open-inside.ts'

/**
 * What a folder is: `plain` if neither it nor a folder on its way is a link, `linked` if a link or
 * `..` on its way leads to another place in the root, `none` if it is missing, no folder, or
 * outside.
 */
export type FolderKind = 'plain' | 'linked' | 'none'

/** Number of folders with one parent from which listing the parent is faster than a stat of each. */
const FEW_FOLDERS = 20

/**
 * Returns a function that tells what a folder is, relative to the root with `/`. Checks each folder
 * once, so that many files of a folder cost no more than one.
 */
export function createFolderCheck(root: string): (folder: string) => FolderKind {
  const kindByFolder = new Map<string, FolderKind>([['', 'plain']])
  const childrenByParent = new Map<string, { checked: number; plain?: Set<string> }>()
  const check = (folder: string): FolderKind => {
    const known = kindByFolder.get(folder)
    if (known !== undefined) return known
    const at = folder.lastIndexOf('/')
    const parent = at < 0 ? '' : folder.slice(0, at)
    const kind = kindBelow(check(parent), parent, folder)
    kindByFolder.set(folder, kind)
    noteFolder(root, folder, kind === 'plain')
    return kind
  }
  const kindBelow = (kindOfParent: FolderKind, parent: string, folder: string): FolderKind => {
    if (kindOfParent === 'none') return 'none'
    if (isPlainChild(parent, folder.slice(folder.lastIndexOf('/') + 1))) return kindOfParent
    const kind = kindInside(root, `${root}/${folder}`)
    return kind === 'plain' ? kindOfParent : kind
  }
  /** Looks a folder up in its parent's list, once the parent has many. */
  const isPlainChild = (parent: string, name: string): boolean => {
    const children = childrenByParent.get(parent) ?? { checked: 0 }
    childrenByParent.set(parent, children)
    if (++children.checked < FEW_FOLDERS) return false
    return (children.plain ??= listFolders(`${root}/${parent}`)).has(name)
  }
  return check
}

/** Lists the names of the folders in a folder, without links; none if it can't be listed. */
function listFolders(folder: string): Set<string> {
  try {
    const entries = fs.readdirSync(folder, { withFileTypes: true })
    return new Set(entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])))
  } catch {
    return new Set()
  }
}

/** Checks the last part of a folder's path; the rest was checked. */
function kindInside(root: string, folder: string): FolderKind {
  try {
    const stat = fs.lstatSync(folder, { throwIfNoEntry: false })
    const isElsewhere = stat?.isSymbolicLink() === true || folder.endsWith('/..')
    if (!isElsewhere) return stat?.isDirectory() === true ? 'plain' : 'none'
    return fs.statSync(realPathInside(root, folder)).isDirectory() ? 'linked' : 'none'
  } catch {
    return 'none'
  }
}
