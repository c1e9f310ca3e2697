import { sep } from 'node:path'
import type { Followed } from './manifest/read.ts'
import type { ProjectPaths } from './store/paths.ts'

/** Editors write a file in several steps; this long after the last one it is read, ms. */
const SETTLE_MS = 60

/**
 * Calls `onChange` at once, and after each change of the manifest, of what it includes, of
 * pictures that it names, or of the lock, until the signal fires. Calls never overlap; changes during one lead to one more.
 * `onChange` tells what to follow from then on, as soon as it knows and as often as it likes.
 */
export async function watchManifest(paths: ProjectPaths, signal: AbortSignal, onChange: (follow: (followed: Followed) => void) => Promise<void>): Promise<void> {
  const { watch } = await import('chokidar')
  // Whole folders are watched only for manifests that come and go.
  const isOther = (path: string): boolean => /[/\\](node_modules|\.[^/\\]+)$/.test(path) && !files.has(path) && !folders.includes(path)
  let files = new Set([paths.manifest, paths.lock])
  let folders: readonly string[] = []
  const watcher = watch([...files], { ignoreInitial: true, ignored: isOther })
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()))
  const follow = (followed: Followed): void => {
    const before = new Set([...files, ...folders])
    files = new Set([paths.manifest, paths.lock, ...followed.files])
    folders = followed.folders
    const now = new Set([...files, ...folders])
    watcher.unwatch([...before].filter((path) => !now.has(path)))
    watcher.add([...now].filter((path) => !before.has(path)))
  }
  let timer: NodeJS.Timeout | undefined
  let changed: (() => void) | undefined
  watcher.on('all', (event, path) => {
    // The lock is what this process writes itself; only a changed manifest or a checkout matters.
    if (path === paths.lock && busy) return
    if (!files.has(path) && !(event === 'add' && isManifestIn(folders, path))) return
    clearTimeout(timer)
    timer = setTimeout(() => changed?.(), SETTLE_MS)
  })
  let busy = true
  try {
    while (!signal.aborted) {
      const next = new Promise<void>((resolve) => {
        changed = resolve
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
      busy = true
      await onChange(follow)
      busy = false
      await next
    }
  } finally {
    clearTimeout(timer)
    await watcher.close()
  }
}

/** Whether a file in one of these folders could be a manifest that a glob finds. */
export function isManifestIn(folders: readonly string[], path: string): boolean {
  return /\.ya?ml$/i.test(path) && folders.some((folder) => (path.startsWith(`${folder}/`) || path.startsWith(`${folder}${sep}`)))
}
