import { realpathSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sha256 } from '../digest.ts'
import { readTextInside } from '../disk/read-inside.ts'

/** The folder of a project, its `.limn/` and its manifest. Absolute paths. */
export type ProjectPlace = { root: string; state: string; manifest: string }

/** Files that identify a project are small; anything larger is something else. */
const MAX_BYTES = 1_000_000
/** The most clones of clones that are followed. */
const MAX_CLONES = 5

/**
 * Returns the path of the file that stores the id of a project, which a copy of its folder takes
 * along.
 */
export function storedIdPath(state: string): string {
  return join(state, 'project')
}

/**
 * Returns the stored id of a project. A project that has none yet is identified by its manifest and
 * the name of its package, so that copies agree that were made before the first run.
 */
export function storedIdOf({ root, state, manifest }: ProjectPlace): string {
  const stored = readSmall(storedIdPath(state))?.trim()
  if (stored !== undefined && /^[0-9a-f]{64}$/.test(stored)) return stored
  return sha256(
    JSON.stringify([readSmall(manifest), packageNameIn(readSmall(join(root, 'package.json')))]),
  )
}

/**
 * Returns what identifies a project on this machine: its git repository, which worktrees share, the
 * remotes of that repository, which clones share, and its stored id, which copies of the folder
 * share. Two folders are the same project if they have an id in common.
 */
export function projectIds(place: ProjectPlace): string[] {
  const workTree = findWorkTree(realPath(place.root))
  const ids = workTree === undefined ? [] : gitIds(workTree)
  return [...ids, `stored ${storedIdOf(place)}`].map((id) => sha256(id).slice(0, 32))
}

type WorkTree = { gitFolder: string; path: string }

/** Finds the git folder of a project, which worktrees share, and the path of the project below. */
function findWorkTree(root: string): WorkTree | undefined {
  for (let folder = root; ; folder = dirname(folder)) {
    const gitFolder = gitFolderIn(folder)
    if (gitFolder !== undefined) {
      return { gitFolder, path: relative(folder, root).split(sep).join('/') }
    }
    if (dirname(folder) === folder) return undefined
  }
}

/** Returns the git folder of a repository, or the repository itself if it is bare. */
function gitFolderIn(folder: string): string | undefined {
  const dotGit = join(folder, '.git')
  const link = /^gitdir: (.+)$/m.exec(readSmall(dotGit) ?? '')?.[1]
  const own = link === undefined ? dotGit : resolve(folder, link.trim())
  if (!isFile(join(own, 'HEAD'))) return undefined
  return realPath(resolve(own, readSmall(join(own, 'commondir'))?.trim() ?? '.'))
}

function gitIds({ gitFolder, path }: WorkTree, depth = 0): string[] {
  const config = readSmall(join(gitFolder, 'config')) ?? ''
  const urls = [...config.matchAll(/^\s*url\s*=\s*"?([^"\n]+?)"?\s*$/gm)].map(([, url]) => url!)
  const ofRemotes = urls.flatMap((url) => {
    const folder = localFolderOf(url, gitFolder)
    if (folder === undefined) return [`remote ${normalizeUrl(url)} ${path}`]
    const origin =
      gitFolderIn(folder) ?? (isFile(join(folder, 'HEAD')) ? realPath(folder) : undefined)
    return origin === undefined || depth >= MAX_CLONES
      ? []
      : gitIds({ gitFolder: origin, path }, depth + 1)
  })
  return [...new Set([`git ${gitFolder} ${path}`, ...ofRemotes])]
}

/** Returns the folder that a remote names; `undefined` for a URL. */
function localFolderOf(url: string, gitFolder: string): string | undefined {
  if (url.startsWith('file://')) return URL.canParse(url) ? fileURLToPath(url) : undefined
  if (isAbsolute(url)) return url
  return /^\.{1,2}[\\/]/.test(url) ? resolve(dirname(gitFolder), url) : undefined
}

/** `git@github.com:me/site.git` and `https://github.com/me/site` are the same repository. */
function normalizeUrl(url: string): string {
  return url
    .replace(/^[a-z][a-z+.-]*:\/\//i, '')
    .replace(/^[^/@]*@/, '')
    .replace(/^([^/:]+):(\d+\/|\/?)/, '$1/')
    .replace(/(\.git)?\/*$/, '')
    .toLowerCase()
}

function packageNameIn(text: string | undefined): unknown {
  try {
    return (JSON.parse(text ?? '{}') as { name?: unknown }).name
  } catch {
    return undefined
  }
}

/** Returns the text of a small regular file; `undefined` for anything else, and links that lead out. */
function readSmall(path: string): string | undefined {
  try {
    return readTextInside(dirname(path), path, MAX_BYTES)
  } catch {
    return undefined
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
