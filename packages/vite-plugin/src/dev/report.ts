import { LimnError, type LimnEvent, type OnEvent } from '@limn/core'
import { formatUsd } from '@limn/core/for-vite'
import { replaceUnprintable } from '@limn/core/for-vite/start'
import type { ViteDevServer } from 'vite'
import type { Context } from '../context.ts'
import { describeOrigin } from '../errors/describe-origin.ts'
import { toViteError } from '../errors/vite-error.ts'
import type { RunSpending } from './run-spending.ts'

type ReporterOptions = { getServer: () => ViteDevServer | undefined; spending: RunSpending }

/**
 * Creates the handler that reports events through Vite's logger, and failures in the browser
 * console too.
 */
export function createReporter(
  { log, project: { paths } }: Context,
  { getServer, spending }: ReporterOptions,
): OnEvent {
  return (event) => {
    const failure = failureLine(event, paths.root)
    if (failure !== undefined) {
      log.error(failure, { timestamp: true })
      getServer()?.environments.client.hot.send('limn:failed', {
        line: replaceUnprintable(failure),
      })
    }
    const info = infoLine(event, spending)
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

function infoLine(event: LimnEvent, { leftUsd }: RunSpending): string | undefined {
  if (event.type === 'generated') {
    const isPaid = !event.recovered && event.usd !== 0
    const left = isPaid ? `, ${formatUsd(leftUsd())} of dev.maxCost left` : ''
    return `[limn] ${event.path} ${describeOrigin(event)}${left}`
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
