import { fromFolder, normalizePath } from './paths.ts'

/** Returns the path or glob of a `from`, relative to the root. */
export function dataPattern({ folder }: { folder: string }, from: string): string {
  return fromFolder(folder, normalizePath(from))
}
