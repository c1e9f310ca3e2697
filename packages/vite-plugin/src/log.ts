import { replaceUnprintable } from '@limn/core/for-vite/start'
import type { Logger, LogOptions } from 'vite'

/** The log of the plugin. It shows names and texts of the project, so it prints nothing else raw. */
export type Log = Record<
  'info' | 'warn' | 'warnOnce' | 'error',
  (message: string, options?: LogOptions) => void
>

/**
 * Creates a log that prints with Vite's logger, and replaces what a terminal would act on.
 *
 * @param printed the warnings that are printed once, of all configs of one `limn()`: each
 *   environment of a build has a logger of its own
 */
export function createLog(logger: Logger, printed: Set<string>): Log {
  return {
    info: (message, options) => logger.info(replaceUnprintable(message), options),
    warn: (message, options) => logger.warn(replaceUnprintable(message), options),
    warnOnce(message, options) {
      if (printed.has(message)) return
      printed.add(message)
      logger.warn(replaceUnprintable(message), options)
    },
    error: (message, options) => logger.error(replaceUnprintable(message), options),
  }
}
