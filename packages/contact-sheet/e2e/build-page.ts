import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from 'vite'

const root = join(import.meta.dirname, '..')
const page = join(root, 'dist/page')
/** Held by the process that builds. Test files run in several processes. */
const lock = join(root, 'node_modules/.limn-build-page')

/** Builds the page, unless `dist/page` is newer than all of its sources. */
export async function buildPage(): Promise<void> {
  if (await isBuilt()) return
  await holdLock()
  try {
    if (await isBuilt()) return
    await build({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'warn' })
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
}

async function isBuilt(): Promise<boolean> {
  const built = Math.min(
    await changedAt(join(page, 'page.js')),
    await changedAt(join(page, 'page.css')),
  )
  const sources = await readdir(join(root, 'src'), { recursive: true, withFileTypes: true })
  const times = await Promise.all(
    [
      join(root, 'vite.config.ts'),
      join(root, 'package.json'),
      ...sources.map((entry) => join(entry.parentPath, entry.name)),
    ].map(changedAt),
  )
  return times.every((time) => time < built)
}

async function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
}

/** Waits for another process that builds. A lock that is older than a minute was left by a crash. */
async function holdLock(): Promise<void> {
  for (;;) {
    const isHeld = await mkdir(lock).then(
      () => true,
      () => false,
    )
    if (isHeld) return
    const since = await changedAt(lock)
    if (since > 0 && Date.now() - since > 60_000) await rm(lock, { recursive: true, force: true })
    await sleep(100)
  }
}
