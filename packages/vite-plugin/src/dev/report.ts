import type { LimnEvent, OnEvent } from '@limn/core'
import { formatUsd } from '@limn/core/for-vite'
import type { Context } from '../context.ts'
import { describeOrigin } from '../errors/describe-origin.ts'
import type { FailureLog } from './failure-log.ts'
import type { RunSpending } from './run-spending.ts'

type ReporterOptions = { failures: FailureLog; spending: RunSpending }

/** Creates the handler that reports events through Vite's logger. */
export function createReporter({ log }: Context, { failures, spending }: ReporterOptions): OnEvent {
  return (event) => {
    if (event.type === 'failed') failures.add(event)
    const info = infoLine(event, spending)
    if (info !== undefined) log.info(info, { timestamp: true })
    const warning = warningLine(event)
    if (warning !== undefined) log.warn(warning, { timestamp: true })
    const remote = remoteLine(event)
    if (remote !== undefined) log.warnOnce(remote, { timestamp: true })
    if (event.type === 'uncached') {
      log.warnOnce(
        `[limn] The cache is not writable, so every file is derived again on each request: ${event.error.message}`,
        { timestamp: true },
      )
    }
  }
}

/** Returns what to say once about the remote store, which does not fail a run. */
function remoteLine(event: LimnEvent): string | undefined {
  if (event.type === 'remote-failed') {
    return `[limn] Limn works without the remote store, and may pay for pictures that it has: ${event.error.message}`
  }
  if (event.type === 'remote-unasked') {
    const cost = event.usd === null ? 'an unknown price' : `up to ${formatUsd(event.usd)}`
    return `[limn] Limn could not ask ${event.store} about ${event.assets.join(', ')}: if it has them, ${cost} is paid a second time.`
  }
  if (event.type === 'remote-unsent') {
    const where = event.isOnlyCopy
      ? `, and are only on this machine (${event.paths.join(', ')})`
      : ''
    return `[limn] Pictures were not uploaded${where}. Run \`limn cache push\`: ${event.error.message}`
  }
  return undefined
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
