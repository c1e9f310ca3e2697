import { join } from 'node:path'
import type { FSWatcher } from 'chokidar'
import type { Project } from '../../project.ts'

/** Delay after the last event before the project is read, ms: editors write in several steps. */
const SETTLE_MS = 80

/**
 * Watches what the contact sheet shows: the manifest and its files, the lockfile and the masters.
 *
 * @param onChange reads the project again; calls never overlap
 */
export async function watchProject(
  project: Project,
  onChange: () => Promise<void>,
): Promise<{ close(): Promise<void> }> {
  const { watch } = await import('chokidar')
  const { paths } = project
  const masters = join(paths.root, paths.masters)
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const followed = new Set<string>()
  const watcher: FSWatcher = watch([paths.manifest, paths.lock, masters], {
    ignoreInitial: true,
    ignored: (path) => /[/\\](node_modules|\.git)$/.test(path),
  })

  function follow(): void {
    const { files, folders } = project.followed
    const added = [...files, ...folders].filter((path) => !followed.has(path))
    for (const path of added) followed.add(path)
    if (added.length > 0) watcher.add(added)
  }
  const schedule = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      running = running.then(onChange).then(follow, follow)
    }, SETTLE_MS)
  }
  // A path that can't be watched, such as a link to itself: reading it reports why.
  watcher.on('all', schedule).on('error', schedule)
  follow()
  return {
    async close() {
      clearTimeout(timer)
      await watcher.close()
      await running
    },
  }
}
