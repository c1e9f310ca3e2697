import type { Context } from 'hono'
import { routePath } from 'hono/route'
import type { Problem } from './problem.ts'
import type { RequestFacts } from './request-facts.ts'

/** Writes what happens as lines of JSON, without keys, prompts and stacks. */
export type Log = {
  info(event: string, details?: Readonly<Record<string, unknown>>): void
  error(event: string, error: unknown, details?: Readonly<Record<string, unknown>>): void
  request(context: Context<RequestFacts>, ms: number): void
  failure(context: Context<RequestFacts>, problem: Problem): void
}

/** Longest message of an error in the log, characters. */
const MAX_MESSAGE = 300

/** Creates the log. @param write receives each line */
export function createLog(write: (line: string) => void): Log {
  const log = (level: string, event: string, details: Readonly<Record<string, unknown>>): void =>
    write(`${JSON.stringify({ at: new Date().toISOString(), level, event, ...details })}\n`)
  const error: Log['error'] = (event, cause, details = {}) =>
    log('error', event, { ...details, ...describeError(cause) })
  return {
    info: (event, details = {}) => log('info', event, details),
    error,
    request(context, ms) {
      const { method } = context.req
      // Not the path as it was sent: it can contain anything, such as a key.
      const route = routePath(context, -1)
      const caller = context.get('caller')?.name
      const { id, usd } = { id: context.get('id')?.slice(0, 12), usd: context.get('usd') }
      const status = context.res.status
      log('info', 'request', { method, route, status, ms: Math.round(ms), caller, id, usd })
    },
    failure(context, problem) {
      const { code, status, cause } = problem
      if (status < 500 || cause === undefined) return
      error('failure', cause, { problem: code, caller: context.get('caller')?.name })
    },
  }
}

function describeError(error: unknown): { code?: unknown; message: string } {
  const { code, message } =
    error instanceof Error
      ? (error as Error & { code?: unknown })
      : { code: undefined, message: String(error) }
  return { ...(code !== undefined && { code }), message: message.slice(0, MAX_MESSAGE) }
}
