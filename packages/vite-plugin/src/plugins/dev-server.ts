import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { sha256 } from '@limn/core/internal'
import { type Connect, normalizePath, type Plugin, type ViteDevServer } from 'vite'
import { type Context, type ContextHandle, isSource } from '../context.ts'
import { fileOf, findFile } from '../dev-files.ts'
import type { DevWork } from '../dev-work.ts'
import { toViteError } from '../error.ts'
import { followPageLoads } from '../page-loads.ts'
import { DEV_PATH } from '../render.ts'
import { updateLoadedPages, updateModules } from '../update-modules.ts'
import { whenWritten } from '../when-written.ts'

/** Serves pictures in dev, and starts the work that may be done on its own. */
export function devServerPlugin(handle: ContextHandle, workOf: (context: Context) => DevWork): Plugin {
  return {
    name: 'limn:dev-server',
    apply: 'serve',
    configureServer(server) {
      const context = handle.get(server.config)
      const work = workOf(context)
      const { paths } = context.project
      // Vite watches its root; what lies outside has to be named.
      server.watcher.add([paths.manifest, paths.lock, join(paths.root, paths.masters)])
      const known = new Set([paths.manifest])
      context.onRead = (files) => {
        const added = files.filter((path) => known.size !== known.add(path).size)
        if (added.length > 0) server.watcher.add(added)
      }
      if (server.config.server.hmr === false) followWithoutHotUpdates(context, server, work)
      followPageLoads(server)
      // A page that was not connected yet has missed what changed since it was given its modules.
      server.environments.client.hot.on('vite:client:connect', () => void updateLoadedPages(context, server, { isPassing: true }))
      server.middlewares.use(createMiddleware(context, work))
      const start = (): void => void work.start(server)
      // The server is ready first; pictures come after.
      if (server.httpServer === null) start()
      else server.httpServer.once('listening', start)
    },
    // Also where there is no server of Vite's own, as in middleware mode.
    async buildEnd() {
      await workOf(handle.get(this.environment.getTopLevelConfig())).stop()
    },
  }
}

/** Vite tells plugins of no change then: what is asked for next, as by a framework's server, is to be new all the same. */
function followWithoutHotUpdates(context: Context, server: ViteDevServer, work: DevWork): void {
  server.watcher.on('all', (_, file) => {
    if (!isSource(context, normalizePath(file))) return
    const follow = async (): Promise<void> => {
      await whenWritten(file)
      await context.refresh()
      updateModules(context, server)
      if (context.failure === undefined) work.again()
    }
    void follow()
  })
}

/** GET `<base>@limn/<asset>/<file>`: 304 where the browser has it. */
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
  const found = findFile(await context.ready(), path)
  if (found === undefined) return false
  const file = await fileOf(context, work, found)
  const etag = `"${file.recipe ?? sha256(file.bytes)}"`
  response.setHeader('ETag', etag)
  response.setHeader('Cache-Control', 'no-cache')
  response.setHeader('Content-Type', file.mime)
  if (request.headers['if-none-match'] === etag) {
    response.statusCode = 304
    response.end()
    return true
  }
  response.setHeader('Content-Length', file.bytes.length)
  response.end(request.method === 'HEAD' ? undefined : file.bytes)
  return true
}
