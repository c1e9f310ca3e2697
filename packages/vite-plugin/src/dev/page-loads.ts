import type { ResolvedConfig, ViteDevServer } from 'vite'

/**
 * How long no page has asked for code when all count as loaded, ms: they still have to run what
 * they got.
 */
const QUIET_MS = 500
/** After this long nothing is waited for any more, ms. */
const LONGEST_MS = 10_000

type Loads = { underWay: number; lastEnded: number }

/** By its config: hooks are given one server in several objects. */
const loadsByServer = new WeakMap<ResolvedConfig, Loads>()

/** Watches the pages that a server is asked for, and their code. */
export function followPageLoads(server: ViteDevServer): void {
  const loads: Loads = { underWay: 0, lastEnded: -Infinity }
  loadsByServer.set(server.config, loads)
  server.middlewares.use((request, response, next) => {
    if (['document', 'script'].includes(String(request.headers['sec-fetch-dest']))) {
      loads.underWay++
      response.once('close', () => {
        loads.underWay--
        loads.lastEnded = performance.now()
      })
    }
    next()
  })
}

/** Whether a page is being loaded: its pictures are left alone meanwhile. */
export function isPageLoading(server: ViteDevServer): boolean {
  return msToQuiet(server) > 0
}

/**
 * Resolves when no page is being loaded. A framework that takes over what a server rendered
 * compares it with what it holds itself, and complains where a picture was swapped in between.
 */
export async function pagesLoaded(server: ViteDevServer): Promise<void> {
  const latest = performance.now() + LONGEST_MS
  for (
    let left = msToQuiet(server);
    left > 0 && performance.now() < latest;
    left = msToQuiet(server)
  ) {
    await new Promise((resolve) => setTimeout(resolve, left))
  }
}

/** How long it takes at least until all pages count as loaded, ms. */
function msToQuiet(server: ViteDevServer): number {
  const loads = loadsByServer.get(server.config)
  if (loads === undefined) return 0
  return loads.underWay > 0 ? QUIET_MS : loads.lastEnded + QUIET_MS - performance.now()
}
