import { LimnError, type LimnEvent, type OnEvent } from '@limn/core'
import { replaceUnprintable } from '@limn/core/for-vite/start'
import type { ViteDevServer } from 'vite'
import type { Context } from '../context.ts'
import { toViteError } from '../errors/vite-error.ts'

/**
 * Creates the handler that reports events through Vite's logger, and failures in the browser
 * console too.
 */
export function createReporter(
  { log, project: { paths } }: Context,
  getServer: () => ViteDevServer | undefined,
): OnEvent {
  return (event) => {
    const failure = failureLine(event, paths.root)
    if (failure !== undefined) {
      log.error(failure, { timestamp: true })
      getServer()?.environments.client.hot.send('limn:failed', {
        line: replaceUnprintable(failure),
      })
    }
    const info = infoLine(event)
    if (info !== undefined) log.info(info, { timestamp: true })
    const warning = warningLine(event)
    if (warning !== undefined) log.warn(warning, { timestamp: true })
    if (event.type === 'uncached') {
      log.warnOnce(
        `[limn] The cache is not writable, so every file is derived again on each request: ${event.error.message}`,
        { timestamp: true },
      )
    }
  }
}

function infoLine(event: LimnEvent): string | undefined {
  if (event.type === 'generated') {
    return `[limn] ${event.path} ${event.recovered ? 'recovered from the journal' : 'generated'}`
  }
  if (event.type === 'moved') return `[limn] ${event.from} renamed to ${event.asset}`
  return undefined
}

function warningLine(event: LimnEvent): string | undefined {
  if (event.type === 'failover') {
    return `[limn] Provider ${event.from} failed, so Limn falls back to ${event.to}: ${event.error.message}`
  }
  if (event.type === 'passed-over') {
    return `[limn] Provider ${event.provider} is skipped: ${event.error.message}`
  }
  return undefined
}

function failureLine(event: LimnEvent, root: string): string | undefined {
  if (event.type !== 'failed') return undefined
  if (event.error instanceof LimnError && event.error.code === 'aborted') return undefined
  // The plugin has an option instead of the command line's flag.
  const message = toViteError(event.error, root).message.replace('--max-cost', 'dev.maxCost')
  return `[limn] ${event.asset}: ${message}`
}
