import { readdirSync, statSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import type { Contender } from '../site.ts'
import { viteConfig } from './vite-config.ts'

/*
 * Builds one site. Prints how long that took from the start of the process, and the time of
 * processors that it took (ms); how many pictures were shipped, and their bytes.
 */
const [contender, root] = process.argv.slice(2) as [Contender, string]
// As Vite's own command does.
enableCompileCache()
const { build } = await import('vite')
await build(await viteConfig(contender, root))
const ms = performance.now()
const { user, system } = process.cpuUsage()
const shipped = readdirSync(join(root, 'dist/assets')).filter((file) => /\.(avif|webp)$/.test(file))
const bytes = shipped.reduce((sum, file) => sum + statSync(join(root, 'dist/assets', file)).size, 0)
process.stdout.write(
  `${JSON.stringify({ ms, cpu: (user + system) / 1000, files: shipped.length, bytes })}\n`,
)
