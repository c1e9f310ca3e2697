import type { Context } from '../context.ts'
import { toViteError } from './vite-error.ts'

/** Returns a function that logs an error which nothing awaits, so that it does not end the server. */
export function errorLogger({ log, project }: Context): (error: unknown) => void {
  return (error) =>
    log.error(`[limn] ${toViteError(error, project.paths.root).message}`, { timestamp: true })
}
