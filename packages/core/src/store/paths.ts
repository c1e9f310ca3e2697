import { basename, dirname, extname, join, resolve } from 'node:path'
import { leadsOut } from '../disk/read-inside.ts'

/** Paths of a project's files and folders. Absolute, except `shownManifest` and `masters`. */
export type ProjectPaths = {
  root: string
  manifest: string
  /** Path of the manifest as messages name it: relative to the root. */
  shownManifest: string
  lock: string
  /** Folder of the masters, relative to the root. */
  masters: string
  /**
   * Files that can be recomputed: safe to delete at any time. In `node_modules/.cache`, or in the
   * state folder if `node_modules` is a link that leads out of the project.
   */
  cache: string
  /** Cached outputs, `<recipe hash>.<ext>`. */
  outputs: string
  /** `.limn/`: files that can't be recomputed and are never committed. */
  state: string
  journal: string
  /** Records of pending batches. */
  batches: string
  /** Paid pictures that were replaced, by request hash. */
  shelf: string
  /** Backups of replaced masters, by asset. */
  replaced: string
  /** Verdicts of the judge, which were paid for. */
  verdicts: string
  /** Records of masters that the remote store does not have yet. */
  unsent: string
}

const MANIFEST_NAME = 'images.yaml'
const MASTERS_FOLDER = 'images'

/**
 * Returns the paths of a project, whose root is the folder of its manifest.
 *
 * @param manifest path relative to `cwd`. Default: `images.yaml`
 */
export function projectPaths(cwd: string, manifest: string = MANIFEST_NAME): ProjectPaths {
  const path = resolve(cwd, manifest)
  const root = dirname(path)
  const state = join(root, '.limn')
  const shared = join(root, 'node_modules', '.cache', 'limn')
  const cache = leadsOut(root, shared) ? join(state, 'cache') : shared
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
    verdicts: join(state, 'verdicts'),
    unsent: join(state, 'unsent'),
  }
}

/**
 * Returns the paths of a draft run. Its lockfile and pictures are in `.limn/drafts/`, so that they
 * are never committed.
 */
export function draftPaths(paths: ProjectPaths): ProjectPaths {
  const drafts = join(paths.state, 'drafts')
  return {
    ...paths,
    lock: join(drafts, basename(paths.lock)),
    masters: `.limn/drafts/${paths.masters}`,
    replaced: join(drafts, 'replaced'),
    shelf: join(drafts, 'shelf'),
    unsent: join(drafts, 'unsent'),
  }
}
