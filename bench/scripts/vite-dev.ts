import { enableCompileCache } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { Contender } from '../site.ts'
import { viteConfig } from './vite-config.ts'

/*
 * Starts the dev server of one site. Prints these times, ms: until it listens, since the start of
 * the process (`ready`); until a page's script and its picture are loaded (`page`); of the picture
 * alone, for the first request (`cold`), the second (`warm`) and one with its ETag (`repeated`); and
 * of another width, for the first request after a pause (`later`).
 */
const [contender, root, what, width, otherWidth] = process.argv.slice(2) as [
  Contender,
  string,
  'start' | 'get',
  string,
  string,
]
const PAUSE_MS = 3000
// Vite's own command does the same.
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
  later: number
}> {
  const origin = `http://127.0.0.1:${(server.httpServer!.address() as AddressInfo).port}`
  // Loads what this process itself needs for requests.
  await (await fetch(`${origin}/package.json`)).text()
  const opened = performance.now()
  const { pictures } = (await server.ssrLoadModule('/src/first.js')) as { pictures: unknown[] }
  const get = async (
    headers: Record<string, string> = {},
    ofWidth: string = width,
  ): Promise<{ ms: number; etag: string | null }> => {
    const url = `${origin}${findPath(pictures, ofWidth)}`
    const from = performance.now()
    const response = await fetch(url, { headers })
    await response.arrayBuffer()
    if (!response.ok && response.status !== 304) {
      throw new Error(`The server answered ${url} with status ${response.status}.`)
    }
    return { ms: performance.now() - from, etag: response.headers.get('etag') }
  }
  const cold = await get()
  const page = performance.now() - opened
  const warm = await get()
  const repeated = await get(cold.etag === null ? {} : { 'if-none-match': cold.etag })
  // A person looks at the page before the window changes its size.
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  const later = await get({}, otherWidth)
  return { page, cold: cold.ms, warm: warm.ms, repeated: repeated.ms, later: later.ms }
}

/** Finds the path of the first picture's WebP with a width, for any contender. */
function findPath(pictures: unknown[], ofWidth: string): string {
  if (contender === 'plain') {
    return (pictures as string[]).find((path) => path.includes(`-${ofWidth}.webp`))!
  }
  // vite-imagetools has one module per format, AVIF first. Limn omits AVIF in dev.
  const srcset =
    contender === 'limn' ? (pictures[0] as { srcset: string }).srcset : (pictures[1] as string)
  return srcset
    .split(', ')
    .find((entry) => entry.endsWith(` ${ofWidth}w`))!
    .split(' ')[0]!
}
