import { globSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import type { FSWatcher } from 'chokidar'
import type { Followed } from '../manifest/read.ts'
import type { ProjectPaths } from '../store/paths.ts'

/** Editors write a file in several steps; this long after the last one it is read, ms. */
const SETTLE_MS = 60

/**
 * Calls `onChange` at once, and after each change of the manifest, of what it includes, of pictures
 * that it names, or of the lock, until the signal fires. Calls never overlap; changes during one
 * lead to one more. `onChange` tells what to follow from then on, as soon as it knows and as often
 * as it likes.
 *
 * The watcher's events only say when to look; whether anything changed is what the files' stamps
 * say. So nothing is lost while a watcher starts, and nothing is done twice.
 */
export async function watchManifest(
  paths: ProjectPaths,
  signal: AbortSignal,
  onChange: (follow: (followed: Followed) => void) => Promise<void>,
): Promise<void> {
  const { watch } = await import('chokidar')
  let followed: Followed = { files: [paths.manifest], folders: [] }
  let stamp = stampOf(followed)
  let watcher: FSWatcher | undefined
  let watched = ''
  let wake = (): void => {}
  let timer: NodeJS.Timeout | undefined
  const onEvent = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => wake(), SETTLE_MS)
  }
  signal.addEventListener('abort', () => wake(), { once: true })

  const follow = (next: Followed): void => {
    if (keyOf(next) === keyOf(followed)) return
    followed = next
    stamp = stampOf(next)
  }
  /** Watches what is followed now; when this is done, every change from then on is seen. */
  const rewatch = async (): Promise<void> => {
    if (watched === keyOf(followed)) return
    watched = keyOf(followed)
    const files = new Set([...followed.files, paths.lock])
    const folders = new Set(followed.folders)
    // Whole folders are watched only for manifests that come and go.
    const ignored = (path: string): boolean =>
      isHidden(path) && !files.has(path) && !folders.has(path)
    const next = watch([...files, ...folders], { ignoreInitial: true, ignored }).on('all', onEvent)
    await new Promise<void>((resolve) => next.once('ready', () => resolve()))
    await watcher?.close()
    watcher = next
  }
  try {
    while (!signal.aborted) {
      await onChange(follow)
      // The lock is what a run writes itself: only what others write to it afterwards matters.
      const lock = stampOfFile(paths.lock)
      await rewatch()
      const isSame = (): boolean => stampOf(followed) === stamp && stampOfFile(paths.lock) === lock
      while (!signal.aborted && isSame()) {
        await new Promise<void>((resolve) => {
          wake = resolve
          if (!isSame()) onEvent()
        })
      }
      stamp = stampOf(followed)
    }
  } finally {
    clearTimeout(timer)
    await watcher?.close()
  }
}

/** Whether a file in one of these folders could be a manifest that a glob finds. */
export function isManifestIn(folders: readonly string[], path: string): boolean {
  return (
    /\.ya?ml$/i.test(path) &&
    folders.some((folder) => path.startsWith(`${folder}/`) || path.startsWith(`${folder}${sep}`))
  )
}

function isHidden(path: string): boolean {
  return /[/\\](node_modules|\.[^/\\]+)$/.test(path)
}

function keyOf({ files, folders }: Followed): string {
  return JSON.stringify([files, folders])
}

/** Changes whenever one of the files does, or a manifest comes or goes in one of the folders. */
function stampOf({ files, folders }: Followed): string {
  const found = folders.flatMap((folder) =>
    globSync('**/*.{yaml,yml}', { cwd: folder, exclude: (name) => isHidden(`/${name}`) }).map(
      (name) => join(folder, name),
    ),
  )
  return JSON.stringify([files.map(stampOfFile), found.sort()])
}

function stampOfFile(path: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path)
    return `${ino} ${size} ${mtimeMs} ${ctimeMs}`
  } catch {
    return ''
  }
}
