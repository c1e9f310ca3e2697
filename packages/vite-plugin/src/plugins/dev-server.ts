import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Asset, Output } from '@limn/core'
import type { Format, ServedFile } from '@limn/core/internal'
import type { Connect, Plugin } from 'vite'
import { type Context, type ContextHandle, currentEntry } from '../context.ts'
import type { DevWork } from '../dev-work.ts'
import { toViteError } from '../error.ts'
import { DEV_PATH } from '../render.ts'

const mimeByFormat: Readonly<Record<Format, string>> = { avif: 'image/avif', webp: 'image/webp', jpeg: 'image/jpeg', png: 'image/png', ico: 'image/x-icon' }

/** Serves pictures in dev, and starts the work that may be done on its own. */
export function devServerPlugin(handle: ContextHandle, work: DevWork): Plugin {
  return {
    name: 'limn:dev-server',
    apply: 'serve',
    configureServer(server) {
      const context = handle.get()
      const { paths } = context.project
      // Vite watches its root; what lies outside has to be named.
      server.watcher.add([paths.manifest, paths.lock, join(paths.root, paths.masters)])
      const known = new Set([paths.manifest])
      context.onRead = (files) => {
        const added = files.filter((path) => known.size !== known.add(path).size)
        if (added.length > 0) server.watcher.add(added)
      }
      server.middlewares.use(createMiddleware(context, work))
      const start = (): void => void work.start(server)
      // The server is ready first; pictures come after.
      if (server.httpServer === null) start()
      else server.httpServer.once('listening', start)
    },
    // Also where there is no server of Vite's own, as in middleware mode.
    async buildEnd() {
      await work.stop()
    },
  }
}

/** GET `<base>@limn/<asset>/<file>`: the final file, else its draft. 304 where the browser has it. */
function createMiddleware(context: Context, work: DevWork): Connect.NextHandleFunction {
  const prefix = `${context.config.base}${DEV_PATH}`
  return (request, response, next) => {
    const { url, method } = request
    if (url === undefined || !url.startsWith(prefix) || (method !== 'GET' && method !== 'HEAD')) return next()
    serve(context, work, url.slice(prefix.length), request, response).then(
      (found) => (found ? undefined : next()),
      (error: unknown) => {
        const { message } = toViteError(error, context.project.paths.root)
        context.config.logger.error(`[limn] ${url}: ${message}`, { timestamp: true })
        response.statusCode = 500
        response.setHeader('Content-Type', 'text/plain; charset=utf-8')
        response.end(message)
      },
    )
  }
}

async function serve(context: Context, work: DevWork, path: string, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const found = find(await context.ready(), path)
  if (found === undefined) return false
  const file = await fileOf(context, work, found)
  const etag = `"${file.recipe}"`
  response.setHeader('ETag', etag)
  response.setHeader('Cache-Control', 'no-cache')
  response.setHeader('Content-Type', mimeByFormat[found.output.format])
  if (request.headers['if-none-match'] === etag) {
    response.statusCode = 304
    response.end()
    return true
  }
  response.setHeader('Content-Length', file.bytes.length)
  response.end(request.method === 'HEAD' ? undefined : file.bytes)
  return true
}

type Found = { asset: Asset; output: Output }

function find({ assetByName }: { assetByName: ReadonlyMap<string, Asset> }, path: string): Found | undefined {
  const parts = path.replace(/\?.*$/, '').split('/').map(decode)
  const file = parts.pop()
  const asset = assetByName.get(parts.join('/'))
  const output = asset?.outputs.find((candidate) => candidate.file === file)
  return asset === undefined || output === undefined ? undefined : { asset, output }
}

async function fileOf(context: Context, work: DevWork, { asset, output }: Found): Promise<ServedFile> {
  const entry = currentEntry(await context.ready(), asset)
  if (entry !== undefined) return context.files.final(entry, output)
  // What is being drawn for nothing is worth a moment's wait: a draft would take as long.
  if (work.isComing(asset.name)) {
    await work.settled()
    const made = currentEntry(await context.ready(), asset)
    if (made !== undefined) return context.files.final(made, output)
  }
  return context.files.draft(asset, output)
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
