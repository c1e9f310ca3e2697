import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { commandName, nameCommands, replaceUnprintable, toOneLine } from '@limn/core/for-vite/start'
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
    error: (message, options) =>
      logger.error(replaceUnprintable(nameOwnCommands(message)), options),
  }
}

function linesOf(message: Message): string {
  const lines = typeof message === 'string' ? [message] : message
  return nameOwnCommands(lines.map(toOneLine).join('\n'))
}

let ownCommand: string | undefined

/** Names the commands in a text as the user runs them: `npx limn generate`, for example. */
export function nameOwnCommands(text: string): string {
  return nameCommands(text, () => {
    ownCommand ??= commandName({
      env: process.env,
      script: fileURLToPath(import.meta.url),
      exists: existsSync,
    })
    return ownCommand
  })
}
