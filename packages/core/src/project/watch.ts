import { globSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { FSWatcher } from 'chokidar'
import { dataExtensions } from '../manifest/data/formats.ts'
import type { Followed } from '../manifest/read.ts'
import type { ProjectPaths } from '../store/paths.ts'

/** Delay after the last event before files are read, ms: editors write a file in several steps. */
const SETTLE_MS = 60

/** Watches files and folders, and lets a caller wait for the next event. */
type Watcher = {
  /** Watches these files and folders from now on. Resolves when no later change can be missed. */
  watch(files: readonly string[], folders: readonly string[]): Promise<void>
  /**
   * Resolves after events have settled, and at once when the signal fires. `hasChanged` is checked
   * first, so that a change before the call is not missed.
   */
  nextEvent(hasChanged: () => boolean): Promise<void>
  close(): Promise<void>
}

/**
 * Calls `onChange` at once and after each change of the manifest, of the files that it includes or
 * names, or of the lockfile, until the signal fires. Calls never overlap; changes during a call
 * lead to one more. `onChange` passes the files to follow to `follow`, as often as it likes.
 *
 * Events only say when to compare the files' stamps: no change is missed while a watcher starts,
 * and none is handled twice.
 */
export async function watchManifest(
  paths: ProjectPaths,
  onChange: (follow: (followed: Followed) => void) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const watcher = await createWatcher(signal)
  let followed: Followed = { files: [paths.manifest], folders: [] }
  let stamp = stampOf(followed)
  const follow = (next: Followed): void => {
    if (keyOf(next) === keyOf(followed)) return
    followed = next
    stamp = stampOf(next)
  }
  try {
    while (!signal.aborted) {
      await onChange(follow)
      // A run writes the lockfile itself: only later changes of it count.
      const lockStamp = stampOfFile(paths.lock)
      await watcher.watch([...followed.files, paths.lock], followed.folders)
      const hasChanged = (): boolean =>
        stampOf(followed) !== stamp || stampOfFile(paths.lock) !== lockStamp
      while (!signal.aborted && !hasChanged()) await watcher.nextEvent(hasChanged)
      stamp = stampOf(followed)
    }
  } finally {
    await watcher.close()
  }
}

async function createWatcher(signal: AbortSignal): Promise<Watcher> {
  const { watch } = await import('chokidar')
  let watcher: FSWatcher | undefined
  let watched = ''
  let wake = (): void => {}
  let timer: NodeJS.Timeout | undefined
  const onEvent = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => wake(), SETTLE_MS)
  }
  signal.addEventListener('abort', () => wake(), { once: true })
  return {
    async watch(files, folders) {
      const key = JSON.stringify([files, folders])
      if (key === watched) return
      watched = key
      const named = new Set([...files, ...folders])
      // Folders are watched only for manifests and data files that appear and disappear.
      const ignored = (path: string): boolean => isHidden(path) && !named.has(path)
      const next = watch([...named], { ignoreInitial: true, ignored })
        .on('all', onEvent)
        // A path that can't be watched, such as a link to itself: reading it reports why.
        .on('error', onEvent)
      await new Promise<void>((resolve) => next.once('ready', () => resolve()))
      await watcher?.close()
      watcher = next
    },
    nextEvent: (hasChanged) =>
      new Promise<void>((resolve) => {
        wake = resolve
        if (hasChanged()) onEvent()
      }),
    async close() {
      clearTimeout(timer)
      await watcher?.close()
    },
  }
}

function isHidden(path: string): boolean {
  return /[/\\](node_modules|\.[^/\\]+)$/.test(path)
}

function keyOf({ files, folders }: Followed): string {
  return JSON.stringify([files, folders])
}

/** Changes whenever one of the files does, or one that a glob may find appears or disappears. */
function stampOf({ files, folders }: Followed): string {
  const found = folders.flatMap((folder) =>
    globSync(`**/*.{${dataExtensions.join(',')}}`, {
      cwd: folder,
      exclude: (name) => isHidden(`/${name}`),
    }).map((name) => join(folder, name)),
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
