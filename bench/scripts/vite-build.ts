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
await build(await viteConfig(contender, root))
const ms = performance.now()
const { user, system } = process.cpuUsage()
const shipped = readdirSync(join(root, 'dist/assets')).filter((file) => /\.(avif|webp)$/.test(file))
const bytes = shipped.reduce((sum, file) => sum + statSync(join(root, 'dist/assets', file)).size, 0)
process.stdout.write(
  `${JSON.stringify({ ms, cpu: (user + system) / 1000, files: shipped.length, bytes })}\n`,
)
