import { join } from 'node:path'
import { type Connect, normalizePath, type Plugin, type ViteDevServer } from 'vite'
import { type Context, type ContextHandle, isSource } from '../context.ts'
import type { DevWorkOf } from '../dev/generator-per-server.ts'
import { followPageLoads } from '../dev/page-loads.ts'
import { toViteError } from '../errors/vite-error.ts'
import { DEV_PATH } from '../references/module-id.ts'

/** Serves pictures in dev, and starts the work that may be done on its own. */
export function devServerPlugin(handle: ContextHandle, workOf: DevWorkOf): Plugin {
  return {
    name: 'limn:dev-server',
    apply: 'serve',
    configureServer(server) {
      const context = handle.get(server.config)
      const { paths } = context.project
      const tell = teller(context)
      // Vite watches its root; what lies outside has to be named.
      server.watcher.add([paths.manifest, paths.lock, join(paths.root, paths.masters)])
      const known = new Set([paths.manifest])
      context.onRead = (files) => {
        const added = files.filter((path) => known.size !== known.add(path).size)
        if (added.length > 0) server.watcher.add(added)
      }
      if (server.config.server.hmr === false) followWithoutHotUpdates(context, server, workOf)
      followPageLoads(server)
      // A page that was not connected yet has missed what changed since it was given its modules.
      const catchUp = async (): Promise<void> => {
        const { updateLoadedPages } = await import('../dev/update-modules.ts')
        await updateLoadedPages(context, server, { isPassing: true })
      }
      server.environments.client.hot.on('vite:client:connect', () => void catchUp().catch(tell))
      server.middlewares.use(createMiddleware(context, workOf))
      const start = (): void =>
        void workOf(context)
          .then((work) => work.start(server))
          .catch(tell)
      // The server is ready first, and says so; pictures come after.
      if (server.httpServer === null) start()
      else server.httpServer.once('listening', () => setTimeout(start))
    },
    // Also where there is no server of Vite's own, as in middleware mode.
    async buildEnd() {
      const work = await workOf(handle.get(this.environment.getTopLevelConfig()))
      await work.stop()
    },
  }
}

/**
 * Vite tells plugins of no change then: what is asked for next, as by a framework's server, is to
 * be new all the same.
 */
function followWithoutHotUpdates(context: Context, server: ViteDevServer, workOf: DevWorkOf): void {
  const tell = teller(context)
  server.watcher.on('all', (_, file) => {
    if (!isSource(context, normalizePath(file))) return
    const follow = async (): Promise<void> => {
      const [{ updateModules }, { whenWritten }] = await Promise.all([
        import('../dev/update-modules.ts'),
        import('../when-written.ts'),
      ])
      await whenWritten(file)
      await context.refresh()
      updateModules(context, server)
      if (context.failure !== undefined) return
      const work = await workOf(context)
      work.again()
    }
    void follow().catch(tell)
  })
}

/** Logs what went wrong where nobody waits: it must not end the server. */
function teller({ config, project }: Context): (error: unknown) => void {
  return (error) =>
    config.logger.error(`[limn] ${toViteError(error, project.paths.root).message}`, {
      timestamp: true,
    })
}

/** GET `<base>@limn/<asset>/<file>`. */
function createMiddleware(context: Context, workOf: DevWorkOf): Connect.NextHandleFunction {
  const prefix = `${context.config.base}${DEV_PATH}`
  return (request, response, next) => {
    const { url, method } = request
    if (url === undefined || !url.startsWith(prefix) || (method !== 'GET' && method !== 'HEAD')) {
      return next()
    }
    const answer = async (): Promise<boolean> => {
      const { sendFile } = await import('../dev/send-file.ts')
      return sendFile(context, await workOf(context), url.slice(prefix.length), request, response)
    }
    answer().then(
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
