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

/** Returns the first line of an error's message: libvips adds a line per failed operation. */
export function firstLine(error: unknown): string {
  return error instanceof Error ? error.message.split('\n', 1)[0]! : String(error)
}
