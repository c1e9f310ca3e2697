import { posix } from 'node:path'

/** Returns a path as it is compared and stored: `/` between parts, no leading `./`, no trailing `/`. */
export function normalizePath(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '')
    .replace(/\/+$/, '')
}

/**
 * Converts a path relative to a folder into one relative to the root. Absolute paths stay, so that
 * a rule reports them.
 */
export function fromFolder(folder: string, path: string): string {
  return folder === '' || /^(\/|[a-z]:|$)/i.test(path) ? path : posix.normalize(`${folder}/${path}`)
}
