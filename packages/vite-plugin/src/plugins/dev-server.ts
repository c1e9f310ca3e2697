import { join } from 'node:path'
import { type Connect, normalizePath, type Plugin, type ViteDevServer } from 'vite'
import type { Context, ContextRegistry } from '../context.ts'
import type { GeneratorOf } from '../dev/generator-per-server.ts'
import { trackPageLoads } from '../dev/page-loads.ts'
import { errorLogger, toViteError } from '../errors/vite-error.ts'
import { DEV_PATH } from '../references/module-id.ts'

/** Serves images in dev and starts the generator. */
export function devServerPlugin(contexts: ContextRegistry, generatorOf: GeneratorOf): Plugin {
  return {
    name: 'limn:dev-server',
    apply: 'serve',
    configureServer(server) {
      const context = contexts.own(server.config)
      if (context === undefined) return
      watchSources(context, server)
      if (server.config.server.hmr === false) updateWithoutHmr(context, server, generatorOf)
      trackPageLoads(context, server)
      updateOnConnect(context, server)
      sendFailuresWhenLoaded(context, server)
      server.middlewares.use(createMiddleware(context, generatorOf))
      startWhenListening(context, server, generatorOf)
    },
    // Called without an HTTP server too, in middleware mode.
    async buildEnd() {
      const context = contexts.own(this.environment.getTopLevelConfig())
      if (context === undefined) return
      const generator = await generatorOf(context)
      await generator.stop()
    },
  }
}

/** Watches manifest, lockfile and masters, which may be outside Vite's root. */
function watchSources(context: Context, { watcher }: ViteDevServer): void {
  const { paths } = context.project
  watcher.add([paths.manifest, paths.lock, join(paths.root, paths.masters)])
  const watched = new Set([paths.manifest])
  context.onRead = (files) => {
    const added = files.filter((path) => !watched.has(path))
    for (const path of added) watched.add(path)
    if (added.length > 0) watcher.add(added)
  }
}

/**
 * Updates modules after changes while hot updates are off. Vite then calls no `hotUpdate` hook, but
 * the next request, such as that of a framework's server, must get the new code.
 */
function updateWithoutHmr(context: Context, server: ViteDevServer, generatorOf: GeneratorOf): void {
  const update = async (file: string): Promise<void> => {
    const { isSource } = await import('../dev/is-source.ts')
    if (!isSource(context, file)) return
    const [{ updateModules }, { waitForContent }] = await Promise.all([
      import('../dev/update-modules.ts'),
      import('../dev/wait-for-files.ts'),
    ])
    await waitForContent(file)
    await context.refresh('a file changed')
    updateModules(context, server)
    if (context.failure !== undefined) return
    const generator = await generatorOf(context)
    generator.requestRun()
  }
  server.watcher.on('all', (_, file) => {
    void update(normalizePath(file)).catch(errorLogger(context))
  })
}

/** Updates a page when it connects: it has missed the changes since its modules were loaded. */
function updateOnConnect(context: Context, server: ViteDevServer): void {
  const update = async (): Promise<void> => {
    const { updateLoadedPages } = await import('../dev/update-modules.ts')
    await updateLoadedPages(context, server, { isTransient: true })
  }
  server.environments.client.hot.on(
    'vite:client:connect',
    () => void update().catch(errorLogger(context)),
  )
}

/** A page that is open. */
type Page = { send(event: string, payload: { line: string }): void }

/** Sends what has failed to a page whose console shows it. */
function sendFailuresWhenLoaded(context: Context, server: ViteDevServer): void {
  const send = async (page: Page): Promise<void> => {
    const { standingFailures } = await import('../dev/failure-log.ts')
    for (const line of standingFailures(context)) page.send('limn:failed', { line })
  }
  server.environments.client.hot.on('limn:loaded', (_, page) => {
    if (context.dev.failureByAsset.size > 0) send(page).catch(errorLogger(context))
  })
}

/** Starts the generator after the server is ready and has printed its URLs. */
function startWhenListening(
  context: Context,
  server: ViteDevServer,
  generatorOf: GeneratorOf,
): void {
  const start = (): void =>
    void generatorOf(context)
      .then((generator) => generator.start(server))
      .catch(errorLogger(context))
  if (server.httpServer === null) start()
  else server.httpServer.once('listening', () => setTimeout(start))
}

/** Creates the middleware for GET and HEAD of `<base>@limn/<asset>/<file>`. */
function createMiddleware(context: Context, generatorOf: GeneratorOf): Connect.NextHandleFunction {
  const prefix = `${context.config.base}${DEV_PATH}`
  return (request, response, next) => {
    const { url, method } = request
    if (url === undefined || !url.startsWith(prefix) || (method !== 'GET' && method !== 'HEAD')) {
      return next()
    }
    const path = url.slice(prefix.length)
    const send = async (): Promise<boolean> => {
      const { sendFile } = await import('../dev/send-file.ts')
      return sendFile(context, await generatorOf(context), { path, request, response })
    }
    send().then(
      (isSent) => (isSent ? undefined : next()),
      (error: unknown) => {
        const { message } = toViteError(error, context.project.paths.root)
        // One file may be what many others are made from: its failure is reported once.
        if (!context.dev.requestFailures.has(message)) {
          context.dev.requestFailures.add(message)
          context.log.error(`[limn] ${url}: ${message}`, { timestamp: true })
        }
        response.statusCode = 500
        response.setHeader('Content-Type', 'text/plain; charset=utf-8')
        response.end(message)
      },
    )
  }
}
