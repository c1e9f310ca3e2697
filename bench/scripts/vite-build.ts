import { readdirSync, statSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import type { Contender } from '../site.ts'
import { viteConfig } from './vite-config.ts'

/*
 * Builds one site. Prints the time since the start of the process and the CPU time (ms), and the
 * number of pictures shipped and their bytes.
 */
const [contender, root] = process.argv.slice(2) as [Contender, string]
// Vite's own command does the same.
enableCompileCache()
const { build } = await import('vite')
// A file system such as ext4 creates files slowly where it has just deleted some. A new folder for
// each build leaves nothing to delete, so that no site suffers from its place on the disk.
const outDir = `dist-${process.pid}`
await build({ ...(await viteConfig(contender, root)), build: { assetsInlineLimit: 0, outDir } })
const ms = performance.now()
const { user, system } = process.cpuUsage()
const shipped = readdirSync(join(root, outDir, 'assets')).filter((file) =>
  /\.(avif|webp)$/.test(file),
)
const bytes = shipped.reduce(
  (sum, file) => sum + statSync(join(root, outDir, 'assets', file)).size,
  0,
)
process.stdout.write(
  `${JSON.stringify({ ms, cpu: (user + system) / 1000, files: shipped.length, bytes })}\n`,
)
