import { describePointer, parsePointer } from '../disk/pointer-file.ts'
import { LimnError } from '../errors.ts'

/**
 * Returns a `picture/unreadable` error.
 *
 * @param reason the end of a sentence
 */
export function unreadablePicture(reason: string, cause?: unknown): LimnError {
  return new LimnError('picture/unreadable', `The picture can't be read: ${reason}.`, {
    hint: 'Restore a good copy with git, or generate it again.',
    cause,
  })
}

/** @throws LimnError `picture/unreadable` if another tool has not downloaded the picture */
export function requireDownloaded(bytes: Uint8Array): void {
  const kind = parsePointer(bytes)?.kind
  if (kind === undefined) return
  throw new LimnError('picture/unreadable', `The picture ${describePointer(kind).problem}.`, {
    hint: `Run \`${describePointer(kind).fix}\`.`,
  })
}

/** Returns the first line of an error's message: libvips adds a line per failed operation. */
export function firstLine(error: unknown): string {
  return error instanceof Error ? error.message.split('\n', 1)[0]! : String(error)
}
