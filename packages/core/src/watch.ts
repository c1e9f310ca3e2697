import type { ProjectPaths } from './store/paths.ts'

/** Editors write a file in several steps; this long after the last one it is read, ms. */
const SETTLE_MS = 60

/**
 * Calls `onChange` at once, and after each change of the manifest or the lock, until the
 * signal fires. Calls never overlap; changes during one lead to one more.
 */
export async function watchManifest(paths: ProjectPaths, signal: AbortSignal, onChange: () => Promise<void>): Promise<void> {
  const { watch } = await import('chokidar')
  const watcher = watch([paths.manifest, paths.lock], { ignoreInitial: true })
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()))
  let timer: NodeJS.Timeout | undefined
  let changed: (() => void) | undefined
  watcher.on('all', (_, path) => {
    // The lock is what this process writes itself; only a changed manifest or a checkout matters.
    if (path === paths.lock && busy) return
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
      await onChange()
      busy = false
      await next
    }
  } finally {
    clearTimeout(timer)
    await watcher.close()
  }
}
