import type { AddressInfo } from 'node:net'
import { createServer } from 'vite'
import type { Contender } from '../site.ts'
import { viteConfig } from './vite-config.ts'

/*
 * Starts the dev server of one site. Prints when it listens (ms after the process began to
 * work on it) and how long the page's first picture takes: asked for once, again, and by a
 * browser that has it.
 */
const [contender, root, what] = process.argv.slice(2) as [Contender, string, 'start' | 'get']
const started = performance.now()
const server = await createServer(viteConfig(contender, root))
await server.listen()
const ready = performance.now() - started
const times = what === 'get' ? await timePicture() : {}
await server.close()
process.stdout.write(`${JSON.stringify({ ready, ...times })}\n`, () => process.exit())

async function timePicture(): Promise<{ cold: number; warm: number; repeated: number }> {
  const { pictures } = (await server.ssrLoadModule('/src/main.js')) as { pictures: unknown[] }
  const path = /\/@imagetools\/\w+|\/[^" ]+\.(?:avif|webp)/.exec(JSON.stringify(pictures[contender === 'imagetools' ? 1 : 0]))![0]
  const url = `http://127.0.0.1:${(server.httpServer!.address() as AddressInfo).port}${path}`
  const get = async (headers: Record<string, string> = {}): Promise<{ ms: number; etag: string | null }> => {
    const from = performance.now()
    const response = await fetch(url, { headers })
    await response.arrayBuffer()
    if (!response.ok && response.status !== 304) throw new Error(`${url} gave ${response.status}`)
    return { ms: performance.now() - from, etag: response.headers.get('etag') }
  }
  const cold = await get()
  const warm = await get()
  const repeated = await get(cold.etag === null ? {} : { 'if-none-match': cold.etag })
  return { cold: cold.ms, warm: warm.ms, repeated: repeated.ms }
}
