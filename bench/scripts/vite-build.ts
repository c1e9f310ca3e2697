import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import type { Contender } from '../site.ts'
import { viteConfig } from './vite-config.ts'

/* Builds one site. Prints how long it took (ms, without the start of the process) and how many pictures were shipped. */
const [contender, root] = process.argv.slice(2) as [Contender, string]
const config = viteConfig(contender, root)
const started = performance.now()
await build(config)
const files = readdirSync(join(root, 'dist/assets')).filter((file) => /\.(avif|webp)$/.test(file)).length
process.stdout.write(`${JSON.stringify({ ms: performance.now() - started, files })}\n`)
