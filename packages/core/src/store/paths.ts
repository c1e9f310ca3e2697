import { basename, dirname, extname, join, resolve } from 'node:path'

/** Where everything of a project stands. Absolute, but for `masters`. */
export type ProjectPaths = {
  root: string
  manifest: string
  /** The manifest as messages name it: relative to the root. */
  shownManifest: string
  lock: string
  /** Folder of the masters, relative to the root. */
  masters: string
  /** What can be worked out again: safe to delete at any time. */
  cache: string
  /** Cached outputs, `<recipe>.<ext>`. */
  outputs: string
  /** What can't: the journal, replaced masters. Never committed. */
  state: string
  journal: string
  /** Records of what is asked in batches. */
  batches: string
  /** Paid pictures that gave way to another, by the hash of the request they answer. */
  shelf: string
  replaced: string
}

export const MANIFEST_NAME = 'images.yaml'
export const MASTERS_FOLDER = 'images'

/** The paths of the project whose manifest is `manifest`, relative to `cwd`. */
export function projectPaths(cwd: string, manifest: string = MANIFEST_NAME): ProjectPaths {
  const path = resolve(cwd, manifest)
  const root = dirname(path)
  const cache = join(root, 'node_modules', '.cache', 'limn')
  const state = join(root, '.limn')
  return {
    root,
    manifest: path,
    shownManifest: basename(path),
    lock: join(root, `${basename(path, extname(path))}.lock`),
    masters: MASTERS_FOLDER,
    cache,
    outputs: join(cache, 'outputs'),
    state,
    journal: join(state, 'journal'),
    batches: join(state, 'batches'),
    shelf: join(state, 'shelf'),
    replaced: join(state, 'replaced'),
  }
}

/**
 * The paths of a draft run: its lock and its pictures lie in `.limn/drafts`, so that nothing of it
 * is ever committed.
 */
export function draftPaths(paths: ProjectPaths): ProjectPaths {
  const drafts = join(paths.state, 'drafts')
  return {
    ...paths,
    lock: join(drafts, basename(paths.lock)),
    masters: `.limn/drafts/${paths.masters}`,
    replaced: join(drafts, 'replaced'),
    shelf: join(drafts, 'shelf'),
  }
}
