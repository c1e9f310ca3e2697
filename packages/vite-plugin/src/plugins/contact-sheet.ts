import type { Connect, Plugin, ResolvedConfig, ViteDevServer } from 'vite'
import type { ContextRegistry } from '../context.ts'
import type { ContactSheet, SheetClient } from '../dev/contact-sheet.ts'
import { errorLogger } from '../errors/vite-error.ts'

/** Path below the base at which a dev server shows the contact sheet. */
const SHEET_PATH = '__limn/'
/** Name of the messages between the page and the server, in both directions. */
const EVENT = 'limn:sheet'

/** Returns the contact sheet of a server. Loads its code on the first call. */
type LoadSheet = () => Promise<ContactSheet>

/** Serves the contact sheet in dev. Nothing of it is loaded before the page is opened. */
export function contactSheetPlugin(contexts: ContextRegistry): Plugin & { devtools: Devtools } {
  const sheetByServer = new WeakMap<object, Promise<ContactSheet>>()
  return {
    name: 'limn:contact-sheet',
    apply: 'serve',
    devtools: devtoolsDock(SHEET_PATH),
    configureServer(server) {
      const context = contexts.own(server.config)
      if (context === undefined) return
      const load: LoadSheet = () => {
        const known = sheetByServer.get(server.config)
        if (known !== undefined) return known
        const sheet = import('../dev/contact-sheet.ts').then(({ openContactSheet }) =>
          openContactSheet(context, server),
        )
        sheetByServer.set(server.config, sheet)
        // Loading can fail while packages are being installed: the next call tries again.
        sheet.catch(() => sheetByServer.delete(server.config))
        return sheet
      }
      const report = errorLogger(context)
      server.middlewares.use(createMiddleware(server, load, report))
      receiveMessages(server, load, report)
      printUrl(server, (line) => context.log.info(line))
    },
    async buildEnd() {
      const opened = sheetByServer.get(this.environment.getTopLevelConfig())
      // What could not be loaded was reported when the page was opened.
      const sheet = await opened?.catch(() => undefined)
      await sheet?.close()
    },
  }
}

function createMiddleware(
  { config: { base } }: ViteDevServer,
  load: LoadSheet,
  report: (error: unknown) => void,
): Connect.NextHandleFunction {
  const prefix = `${base}${SHEET_PATH}`
  return (request, response, next) => {
    const { url = '' } = request
    if (url === prefix.slice(0, -1)) {
      response.writeHead(302, { Location: prefix, 'Cache-Control': 'no-store' }).end()
      return
    }
    if (!url.startsWith(prefix)) return next()
    const path = url.slice(prefix.length)
    load()
      .then((sheet) => sheet.respond({ path, request, response }))
      .catch((error: unknown) => {
        report(error)
        if (response.headersSent) return response.destroy()
        response.writeHead(500, { 'Content-Type': 'text/plain' }).end('The terminal shows why.')
      })
  }
}

/** Receives the messages of pages over Vite's own websocket. */
function receiveMessages(
  { environments: { client } }: ViteDevServer,
  load: LoadSheet,
  report: (error: unknown) => void,
): void {
  client.hot.on(EVENT, (message: unknown, page: SheetClient) => {
    load()
      .then((sheet) => sheet.receive(message, page))
      .catch(report)
  })
}

/** Prints the URL of the contact sheet below those of the server. */
function printUrl(server: ViteDevServer, print: (line: string) => void): void {
  const printUrls = server.printUrls.bind(server)
  server.printUrls = () => {
    printUrls()
    const url = server.resolvedUrls?.local[0] ?? server.resolvedUrls?.network[0]
    if (url !== undefined) print(`  \u279C  Limn:    ${url}${SHEET_PATH}`)
  }
}

/** What Limn uses of the context of `@vitejs/devtools`, which is experimental and may be absent. */
type DevtoolsContext = {
  viteConfig?: Pick<ResolvedConfig, 'base'>
  docks?: { register(entry: Readonly<Record<string, string>>): unknown }
}

/** A part of a plugin that `@vitejs/devtools` reads, and Vite ignores. */
type Devtools = { setup(context: DevtoolsContext): void }

/** A frame in a frame; the devtools would load a named icon from another server. */
const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#4f56d8" stroke-width="2.5"><rect x="3" y="3" width="18" height="18" rx="4"/><rect x="9" y="9" width="6" height="6" fill="#4f56d8" stroke="none"/></svg>',
)}`

/** Adds the contact sheet to the dock of `@vitejs/devtools`, if the app has it. */
export function devtoolsDock(path: string): Devtools {
  return {
    setup({ viteConfig, docks }) {
      const url = `${viteConfig?.base ?? '/'}${path}`
      // A version with another API shows no dock; the contact sheet has its own URL.
      docks?.register?.({ id: 'limn', title: 'Limn', icon: ICON, type: 'iframe', url })
    },
  }
}
