import { replaceUnprintable, toOneLine } from '@limn/core/for-vite/start'
import type { Logger, LogOptions } from 'vite'

/** The log of the plugin. It shows names and texts of the project, so it prints nothing else raw. */
export type Log = Record<
  'info' | 'warn' | 'warnOnce' | 'error',
  (message: string, options?: LogOptions) => void
>

/**
 * Creates a log that prints with Vite's logger, and replaces what a terminal would act on. Messages
 * are one line, except for errors: `toViteError` makes the lines of those.
 */
export function createLog(logger: Logger): Log {
  return {
    info: (message, options) => logger.info(toOneLine(message), options),
    warn: (message, options) => logger.warn(toOneLine(message), options),
    warnOnce: (message, options) => logger.warnOnce(toOneLine(message), options),
    error: (message, options) => logger.error(replaceUnprintable(message), options),
  }
}
