import { replaceUnprintable, toOneLine } from '@limn/core/for-vite/start'
import type { Logger, LogOptions } from 'vite'

/** The log of the plugin. It shows names and texts of the project, so it prints nothing raw. */
export type Log = Record<
  'info' | 'warn' | 'warnOnce',
  (message: Message, options?: LogOptions) => void
> & { error(message: string, options?: LogOptions): void }

/** One line, or several. */
type Message = string | readonly string[]

/**
 * Creates a log that prints with Vite's logger, and replaces what a terminal would act on. A text
 * is one line, except for that of an error: `toViteError` makes the lines of those.
 *
 * @param printed the warnings that are printed once, of all configs of one `limn()`: each
 *   environment of a build has a logger of its own
 */
export function createLog(logger: Logger, printed: Set<string>): Log {
  return {
    info: (message, options) => logger.info(linesOf(message), options),
    warn: (message, options) => logger.warn(linesOf(message), options),
    warnOnce(message, options) {
      const lines = linesOf(message)
      if (printed.has(lines)) return
      printed.add(lines)
      logger.warn(lines, options)
    },
    error: (message, options) => logger.error(replaceUnprintable(message), options),
  }
}

function linesOf(message: Message): string {
  return typeof message === 'string' ? toOneLine(message) : message.map(toOneLine).join('\n')
}
