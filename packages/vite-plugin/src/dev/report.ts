import { LimnError, type LimnEvent, type OnEvent } from '@limn/core'
import type { ViteDevServer } from 'vite'
import type { Context } from '../context.ts'
import { toViteError } from '../errors/vite-error.ts'

/**
 * Tells what happens while the dev server makes pictures: through Vite's logger, and failures in
 * the page's console too.
 */
export function createReport(
  { config: { logger }, project }: Context,
  getServer: () => ViteDevServer | undefined,
): OnEvent {
  return (event: LimnEvent): void => {
    if (event.type === 'generated') {
      logger.info(`[limn] ${event.path} ${event.recovered ? 'taken from the journal' : 'drawn'}`, {
        timestamp: true,
      })
    }
    if (event.type === 'failover') {
      logger.warn(`[limn] ${event.to} takes over from ${event.from}: ${event.error.message}`, {
        timestamp: true,
      })
    }
    if (event.type === 'passed-over') {
      logger.warn(`[limn] ${event.provider} is passed over: ${event.error.message}`, {
        timestamp: true,
      })
    }
    if (event.type === 'uncached') {
      logger.warnOnce(
        `[limn] Files can't be kept in the cache, and are cut again each time: ${event.error.message}`,
        { timestamp: true },
      )
    }
    if (event.type === 'moved') {
      logger.info(`[limn] ${event.from} is ${event.asset} now`, { timestamp: true })
    }
    if (
      event.type === 'failed' &&
      !(event.error instanceof LimnError && event.error.code === 'aborted')
    ) {
      // What the command line calls a flag is an option here.
      const line = `[limn] ${event.asset}: ${toViteError(event.error, project.paths.root).message.replace('--max-cost', 'dev.maxCost')}`
      logger.error(line, { timestamp: true })
      getServer()?.environments.client.hot.send('limn:failed', { line })
    }
  }
}
