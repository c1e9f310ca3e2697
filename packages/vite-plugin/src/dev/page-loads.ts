import type { ViteDevServer } from 'vite'
import type { Context } from '../context.ts'

/** How long after the last request for code pages count as loaded, ms: they still have to run it. */
const QUIET_MS = 500
/** The longest wait for pages to load, ms. */
const MAX_WAIT_MS = 10_000

/** Tracks the requests for pages and their code. */
export function trackPageLoads({ dev: { pageLoads } }: Context, server: ViteDevServer): void {
  server.middlewares.use((request, response, next) => {
    if (['document', 'script'].includes(String(request.headers['sec-fetch-dest']))) {
      pageLoads.inFlight++
      response.once('close', () => {
        pageLoads.inFlight--
        pageLoads.lastEndedAt = performance.now()
      })
    }
    next()
  })
}

/** Returns whether a page is loading; its images must not be swapped meanwhile. */
export function isPageLoading(context: Context): boolean {
  return msUntilLoaded(context) > 0
}

/**
 * Resolves when no page is loading, or after 10 s. A framework that hydrates server-rendered markup
 * compares it with its own, and warns if an image was swapped in between.
 */
export async function waitForPageLoads(context: Context): Promise<void> {
  const deadline = performance.now() + MAX_WAIT_MS
  for (
    let left = msUntilLoaded(context);
    left > 0 && performance.now() < deadline;
    left = msUntilLoaded(context)
  ) {
    await new Promise((resolve) => setTimeout(resolve, left))
  }
}

/** Returns the shortest time until all pages count as loaded, ms; 0 or less if they do. */
function msUntilLoaded({ dev: { pageLoads } }: Context): number {
  if (pageLoads.inFlight > 0) return QUIET_MS
  return pageLoads.lastEndedAt + QUIET_MS - performance.now()
}
