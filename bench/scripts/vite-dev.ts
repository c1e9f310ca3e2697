import { enableCompileCache } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { Contender } from '../site.ts'
import { viteConfig } from './vite-config.ts'

/*
 * Starts the dev server of one site. Prints when it listens (ms after the process started),
 * how long it takes until the script of a page with one picture is there, and that picture
 * with it, and how long the picture alone takes: asked for once, again, and by a browser
 * that has it.
 */
const [contender, root, what, width] = process.argv.slice(2) as [
  Contender,
  string,
  'start' | 'get',
  string,
]
// As Vite's own command does.
enableCompileCache()
const { createServer } = await import('vite')
const server = await createServer(await viteConfig(contender, root))
await server.listen()
const ready = performance.now()
const times = what === 'get' ? await timePicture() : {}
await server.close()
process.stdout.write(`${JSON.stringify({ ready, ...times })}\n`, () => process.exit())

async function timePicture(): Promise<{
  page: number
  cold: number
  warm: number
  repeated: number
}> {
  const origin = `http://127.0.0.1:${(server.httpServer!.address() as AddressInfo).port}`
  // What this process needs to ask for anything is loaded.
  await (await fetch(`${origin}/package.json`)).text()
  const opened = performance.now()
  const { pictures } = (await server.ssrLoadModule('/src/first.js')) as { pictures: unknown[] }
  const url = `${origin}${findPath(pictures)}`
  const get = async (
    headers: Record<string, string> = {},
  ): Promise<{ ms: number; etag: string | null }> => {
    const from = performance.now()
    const response = await fetch(url, { headers })
    await response.arrayBuffer()
    if (!response.ok && response.status !== 304) throw new Error(`${url} gave ${response.status}`)
    return { ms: performance.now() - from, etag: response.headers.get('etag') }
  }
  const cold = await get()
  const page = performance.now() - opened
  const warm = await get()
  const repeated = await get(cold.etag === null ? {} : { 'if-none-match': cold.etag })
  return { page, cold: cold.ms, warm: warm.ms, repeated: repeated.ms }
}

/**
 * The path of the first picture's WebP of the width that is asked for: the same file of each
 * contender.
 */
function findPath(pictures: unknown[]): string {
  if (contender === 'plain') {
    return (pictures as string[]).find((path) => path.includes(`-${width}.webp`))!
  }
  // imagetools has a module for each format, AVIF first; Limn leaves AVIF out in dev.
  const srcset =
    contender === 'limn' ? (pictures[0] as { srcset: string }).srcset : (pictures[1] as string)
  return srcset
    .split(', ')
    .find((entry) => entry.endsWith(` ${width}w`))!
    .split(' ')[0]!
}
