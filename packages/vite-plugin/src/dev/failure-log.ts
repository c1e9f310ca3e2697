import type { LimnEvent } from '@limn/core'
import { createFailureGroups } from '@limn/core/for-vite'
import { replaceUnprintable } from '@limn/core/for-vite/start'
import type { ViteDevServer } from 'vite'
import type { Context } from '../context.ts'
import { toViteError } from '../errors/vite-error.ts'

/**
 * How long failures wait for others with the same cause, ms. They are reported at the end of the
 * run, or before if it takes longer.
 */
const PATIENCE = 2000

type Failure = Extract<LimnEvent, { type: 'failed' }>

/** Reports the failures of a run in the terminal and in the browser consoles, each cause once. */
export type FailureLog = {
  add(failure: Failure): void
  /** Reports the failures that are left. */
  finish(): void
}

/** Creates the log of one run's failures. */
export function createFailureLog(
  { log, dev, project: { paths } }: Context,
  getServer: () => ViteDevServer | undefined,
): FailureLog {
  const groups = createFailureGroups()
  let timer: NodeJS.Timeout | undefined
  const report = (moment: 'during' | 'end'): void => {
    clearTimeout(timer)
    timer = undefined
    for (const { assets, label, error } of groups.take(moment)) {
      // The plugin has an option instead of the command line's flag.
      const message = toViteError(error, paths.root).message.replace('--max-cost', 'dev.maxCost')
      const line = replaceUnprintable(`[limn] ${label}: ${message}`)
      log.error(line, { timestamp: true })
      for (const asset of assets) dev.failureByAsset.set(asset, line)
      getServer()?.environments.client.hot.send('limn:failed', { line })
    }
  }
  return {
    add(failure) {
      groups.add(failure)
      timer ??= setTimeout(() => report('during'), PATIENCE).unref()
    },
    finish: () => report('end'),
  }
}

/** Returns what failed and is still to be done, for a page that loads after it was reported. */
export function standingFailures({ dev: { failureByAsset }, state }: Context): string[] {
  const standing = [...failureByAsset].filter(([asset]) => state?.stepByAsset.has(asset) === true)
  return [...new Set(standing.map(([, line]) => line))]
}
